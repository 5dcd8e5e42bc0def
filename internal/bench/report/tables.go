package main

import "fmt"

// tables lists what the report shows, in this order.
func tables() []table {
	return []table{
		jsonTable(),
		binaryTable("MessagePack", "binary", "msgp", everyShape()),
		binaryTable("MessagePack with packed lists", "packed", "msgp", usualShapes()),
		binaryTable("CBOR", "cbor", "fxamacker", usualShapes()),
		invalidTable(),
		selectTable(),
		httpTable("HTTP", "one core", "http", "nethttp", "chi"),
		httpTable("HTTP, beside other frameworks", "one core", "peers", "nethttp", "huma", "connect"),
		httpTable("HTTP, on all cores", "all cores", "allcores", "nethttp", "huma", "connect"),
		socketTable(),
		fanoutTable(),
		idleTable(),
		neighboursTable(),
	}
}

func usualShapes() []string { return []string{"tiny", "medium", "large"} }

func everyShape() []string { return append(usualShapes(), "union", "bytes") }

func jsonTable() table {
	const ours, std, v2 = "BenchmarkProcess/json/*/telestruct", "BenchmarkProcess/json/*/encodingjson", "BenchmarkProcess/json/*/jsonv2"
	return table{
		title:  "JSON",
		intro:  "Time of one request, and time divided by that of the codecs: below 1 is faster.",
		suite:  "codecs",
		shapes: everyShape(),
		noisy:  []string{"tiny"},
		columns: []column{
			value("time", perCall, ours),
			ratio("÷ encoding/json", perCall, ours, std),
			ratio("÷ json/v2", perCall, ours, v2),
			ratio("pointers ÷ encoding/json", perCall, "BenchmarkProcess/json/*/pointers", std),
			value("allocations", allocations, ours),
			value("of encoding/json", allocations, std),
			value("of json/v2", allocations, v2),
		},
	}
}

// binaryTable is about the benchmarks of a binary form, beside our own JSON and a codec.
func binaryTable(title, form, codec string, shapes []string) table {
	ours, json := fmt.Sprintf("BenchmarkProcess/%s/*/telestruct", form), "BenchmarkProcess/json/*/telestruct"
	theirs := fmt.Sprintf("BenchmarkProcess/%s/*/%s", form, codec)
	return table{
		title:  title,
		intro:  "Time of one request, and time divided by that of Telestruct in JSON and of a codec: below 1 is faster.",
		suite:  "codecs",
		shapes: shapes,
		columns: []column{
			value("time", perCall, ours),
			ratio("÷ JSON", perCall, ours, json),
			ratio("÷ "+codec, perCall, ours, theirs),
			value("allocations", allocations, ours),
			value("of "+codec, allocations, theirs),
		},
	}
}

func invalidTable() table {
	const invalid, valid = "BenchmarkInvalid/*/invalid", "BenchmarkInvalid/*/valid"
	return table{
		title:  "Invalid requests",
		intro:  "A request with ten mistakes, and its time divided by that of the same request without them.",
		suite:  "codecs",
		shapes: []string{"medium"},
		columns: []column{
			value("time", perCall, invalid),
			ratio("÷ valid", perCall, invalid, valid),
			value("allocations", allocations, invalid),
			value("of valid", allocations, valid),
		},
	}
}

func selectTable() table {
	const selected, full = "BenchmarkSelect/*/selected", "BenchmarkSelect/*/full"
	return table{
		title:  "Selected fields",
		intro:  "An answer with two of eight fields, and its time divided by that of the full answer.",
		suite:  "codecs",
		shapes: []string{"large"},
		columns: []column{
			value("time", perCall, selected),
			ratio("÷ full", perCall, selected, full),
			value("allocations", allocations, selected),
			value("of full", allocations, full),
		},
	}
}

// httpTable is about the stacks of a suite over HTTP, which runs on so many cores.
func httpTable(title, cores, suite string, stacks ...string) table {
	const ours = "BenchmarkHTTP/*/telestruct"
	t := table{
		title:   title,
		intro:   fmt.Sprintf("Requests per second on %s, and these divided by those of the others: above 1 is faster.", cores),
		suite:   suite,
		shapes:  usualShapes(),
		noisy:   []string{"tiny"},
		columns: []column{value("requests/s", perSecond, ours)},
	}
	for _, s := range stacks {
		t.columns = append(t.columns, ratio("÷ "+s, perSecond, ours, "BenchmarkHTTP/*/"+s))
	}
	t.columns = append(t.columns, value("allocations", allocations, ours))
	for _, s := range stacks {
		t.columns = append(t.columns, value("of "+s, allocations, "BenchmarkHTTP/*/"+s))
	}
	return t
}

func socketTable() table {
	const ours, coder = "BenchmarkSocket/calls/*/telestruct", "BenchmarkSocket/calls/*/coder"
	return table{
		title:  "Calls over WebSockets",
		intro:  "Round trips per second, and these divided by those of a bare loop of coder/websocket: above 1 is faster.",
		suite:  "sockets",
		shapes: []string{"tiny", "medium"},
		columns: []column{
			value("round trips/s", perSecond, ours),
			ratio("÷ coder", perSecond, ours, coder),
			value("allocations", allocations, ours),
			value("of coder", allocations, coder),
		},
	}
}

func fanoutTable() table {
	const ours, coder = "BenchmarkSocket/fanout/*/telestruct", "BenchmarkSocket/fanout/*/coder"
	return table{
		title:  "Messages to 1,000 WebSockets",
		intro:  "Messages delivered per second, published one at a time or 100 in a burst, and these divided by those of a loop that writes to one connection of coder/websocket after the other: above 1 is faster.",
		suite:  "sockets",
		shapes: []string{"one", "burst"},
		noisy:  []string{"one"},
		columns: []column{
			value("deliveries/s", deliveries, ours),
			ratio("÷ coder", deliveries, ours, coder),
		},
	}
}

func idleTable() table {
	const ours, coder = "BenchmarkSocket/idle/*", "BenchmarkSocket/idle/coder"
	return table{
		title:  "Idle WebSockets",
		intro:  "Bytes of memory for one of 2,000 connections, and these divided by those of a bare loop of coder/websocket: below 1 is smaller.",
		suite:  "sockets",
		every:  4,
		shapes: []string{"calls", "topic", "actor"},
		columns: []column{
			value("bytes", perConnection, ours),
			ratio("÷ coder", perConnection, ours, coder),
			value("goroutines", goroutines, ours),
			value("of coder", goroutines, coder),
		},
	}
}

func neighboursTable() table {
	const alone, hostile = "BenchmarkNeighbours/*/alone", "BenchmarkNeighbours/*/hostile"
	return table{
		title:  "Hostile neighbours",
		intro:  "How long the slowest hundredth of the calls of 16 well-behaved clients take at least, by themselves and among hostile clients, and the one divided by the other.",
		suite:  "neighbours",
		every:  4,
		shapes: []string{"socket", "http"},
		columns: []column{
			value("alone", slowest, alone),
			value("among hostile clients", slowest, hostile),
			ratio("÷ alone", slowest, hostile, alone),
		},
	}
}
