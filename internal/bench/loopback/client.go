package loopback

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// Call is the request that all connections repeat.
type Call struct {
	// Path is the request's path, such as "/api".
	Path string
	// Body is sent with POST, as application/json.
	Body []byte
	// Check says what is wrong with the body of an answer; nil when nothing is.
	Check func(answer []byte) error
}

// request returns what is sent for each call.
func (c Call) request(host string) []byte {
	head := "POST " + c.Path + " HTTP/1.1\r\nHost: " + host + "\r\n" +
		"Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(c.Body)) + "\r\n\r\n"
	return append([]byte(head), c.Body...)
}

// client is one connection. It must be used by one goroutine at a time.
type client struct {
	conn    net.Conn
	answers answerReader
	request []byte
	body    []byte // of the last answer
	length  int    // of every answer
}

// patience is how long a connection may take for all of its calls: a handler that
// never answers is to fail, not to hang.
const patience = 5 * time.Minute

// dial returns n connections on each of which one call was made and checked.
func dial(address string, call Call, n int) ([]*client, error) {
	request := call.request(address)
	var clients []*client
	for range n {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			hangUp(clients)
			return nil, err
		}
		c := &client{conn: conn, answers: answerReader{bufio.NewReaderSize(conn, 64<<10)}, request: request}
		clients = append(clients, c)
		if err := c.first(call.Check); err != nil {
			hangUp(clients)
			return nil, err
		}
	}
	return clients, nil
}

func hangUp(clients []*client) {
	for _, c := range clients {
		_ = c.conn.Close()
	}
}

func (c *client) first(check func([]byte) error) error {
	err := c.conn.SetDeadline(time.Now().Add(patience))
	if err == nil {
		err = c.call()
	}
	c.length = len(c.body)
	return errors.Join(err, check(c.body))
}

func (c *client) repeat() error {
	if err := c.call(); err != nil {
		return err
	}
	if len(c.body) != c.length {
		return fmt.Errorf("loopback: an answer of %d bytes, the first had %d", len(c.body), c.length)
	}
	return nil
}

func (c *client) call() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	var err error
	c.body, err = c.answers.read(c.body[:0])
	return err
}
