// One command through github.com/masterzen/winrm, for the tests: the password comes on the first line of
// standard input, what follows it is the command's input.
//
//	masterzen -url URL -user NAME -auth basic|ntlm [-ca FILE] [-stdin] -- COMMAND
//
// Exit status: the command's own; 250 when the client reports an error (its text on standard error).
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/masterzen/winrm"
)

const clientFailed = 250

func fail(err error) {
	fmt.Fprintln(os.Stderr, "masterzen:", err)
	os.Exit(clientFailed)
}

func endpoint(address, ca string) *winrm.Endpoint {
	where, err := url.Parse(address)
	if err != nil {
		fail(err)
	}
	port, err := strconv.Atoi(where.Port())
	if err != nil {
		fail(fmt.Errorf("the URL needs a port: %s", address))
	}
	var authority []byte
	if ca != "" {
		if authority, err = os.ReadFile(ca); err != nil {
			fail(err)
		}
	}
	return winrm.NewEndpoint(where.Hostname(), port, where.Scheme == "https", false, authority, nil, nil, 60*time.Second)
}

func main() {
	address := flag.String("url", "", "http://host:port or https://host:port")
	user := flag.String("user", "", "account")
	way := flag.String("auth", "basic", "basic or ntlm")
	ca := flag.String("ca", "", "authorities that may sign the host's certificate, PEM")
	feed := flag.Bool("stdin", false, "send the rest of standard input to the command")
	flag.Parse()

	input := bufio.NewReader(os.Stdin)
	password, err := input.ReadString('\n')
	if err != nil {
		fail(fmt.Errorf("no password on standard input: %w", err))
	}
	parameters := *winrm.DefaultParameters
	if *way == "ntlm" {
		parameters.TransportDecorator = func() winrm.Transporter { return &winrm.ClientNTLM{} }
	}
	client, err := winrm.NewClientWithParameters(endpoint(*address, *ca), *user, strings.TrimSuffix(password, "\n"), &parameters)
	if err != nil {
		fail(err)
	}
	command := strings.Join(flag.Args(), " ")
	var status int
	if *feed {
		status, err = client.RunWithInput(command, os.Stdout, os.Stderr, io.Reader(input))
	} else {
		status, err = client.Run(command, os.Stdout, os.Stderr)
	}
	if err != nil {
		fail(err)
	}
	os.Exit(status)
}
