package loopback

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Call is the request that all connections repeat.
type Call struct {
	// Path is the request's path, such as "/api".
	Path string
	// Body is sent with POST, as application/json, or as a text message.
	Body []byte
	// Check says what is wrong with the body of an answer; nil when nothing is.
	Check func(answer []byte) error
}

// protocol is how clients speak to a server.
type protocol struct {
	// open does what comes before the first call; nil for nothing.
	open func(c *client, host, path string) error
	// request returns what is sent for each call.
	request func(call Call, host string) []byte
	// answers reads from a connection.
	answers func(c *client) reader
	// repeat makes the call that was made first again, as long as there is a next one.
	repeat func(c *client, next func() bool) error
}

// reader reads answers, one after the other.
type reader interface {
	// read appends what the next answer says to body.
	read(body []byte) ([]byte, error)
}

// posts is HTTP/1.1.
func posts() protocol {
	return protocol{
		request: post,
		answers: func(c *client) reader { return answerReader{c.in} },
		repeat:  (*client).repeatCounting,
	}
}

func post(call Call, host string) []byte {
	head := "POST " + call.Path + " HTTP/1.1\r\nHost: " + host + "\r\n" +
		"Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(call.Body)) + "\r\n\r\n"
	return append([]byte(head), call.Body...)
}

// client is one connection. It must be used by one goroutine at a time.
type client struct {
	protocol protocol
	conn     net.Conn
	in       *bufio.Reader
	came     counted // what in has read
	answers  reader
	request  []byte
	memory   []byte // to drain the connection with
	body     []byte // of the last answer
	length   int    // of every body
}

// patience is how long a connection may take for all of its calls: a handler that
// never answers is to fail, not to hang.
const patience = 5 * time.Minute

// drainMemory is how many bytes of answers are taken at once.
const drainMemory = 16 << 10

// dial returns n connections on each of which one call was made. The first answer is
// checked, and all others are as long.
func dial(address string, p protocol, call Call, n int) ([]*client, error) {
	request := p.request(call, address)
	var clients []*client
	for range n {
		c, err := connect(address)
		if err != nil {
			hangUp(clients)
			return nil, err
		}
		clients = append(clients, c)
		if err := c.first(p, request, call); err != nil {
			hangUp(clients)
			return nil, err
		}
		c.memory = make([]byte, drainMemory)
		call.Check = sameLength(c.length)
	}
	return clients, nil
}

func connect(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	c := &client{conn: conn, came: counted{Reader: conn}}
	c.in = bufio.NewReaderSize(&c.came, 64<<10)
	return c, conn.SetDeadline(time.Now().Add(patience))
}

func hangUp(clients []*client) {
	for _, c := range clients {
		_ = c.conn.Close()
	}
}

// first opens the connection, and makes a call whose answer it checks.
func (c *client) first(p protocol, request []byte, call Call) error {
	if p.open != nil {
		if err := p.open(c, c.conn.RemoteAddr().String(), call.Path); err != nil {
			return err
		}
	}
	c.protocol, c.request, c.answers = p, request, p.answers(c)
	err := c.call()
	c.length = len(c.body)
	return errors.Join(err, call.Check(c.body))
}

// sameLength is a check for answers that are not looked at.
func sameLength(n int) func(answer []byte) error {
	return func(answer []byte) error {
		if len(answer) != n {
			return fmt.Errorf("loopback: an answer of %d bytes, the first had %d", len(answer), n)
		}
		return nil
	}
}

func (c *client) call() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	var err error
	c.body, err = c.answers.read(c.body[:0])
	return err
}

// counted counts the bytes that are read.
type counted struct {
	io.Reader
	bytes int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.bytes += n
	return n, err
}
