// One command through github.com/masterzen/winrm, for the tests: the password comes on the first line of
// standard input, what follows it is the command's input.
//
//	masterzen -url URL -user NAME -auth basic|ntlm [-ca FILE] [-stdin] [-count N [-held]] -- COMMAND
//
// -count runs the command that often, each on a connection and in a shell of its own; with -held in one shell on one
// connection. Its NTLM leaves messages in clear. (Its later versions can seal.)
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
	"sync"
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
	count := flag.Int("count", 1, "how often to run the command")
	held := flag.Bool("held", false, "in one shell")
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
	where := endpoint(*address, *ca)
	connect := func() *winrm.Client {
		client, err := winrm.NewClientWithParameters(where, *user, strings.TrimSuffix(password, "\n"), &parameters)
		if err != nil {
			fail(err)
		}
		return client
	}
	command := strings.Join(flag.Args(), " ")
	var status int
	switch {
	case *feed:
		status, err = connect().RunWithInput(command, os.Stdout, os.Stderr, io.Reader(input))
	case *held:
		status, err = runHeld(connect(), command, *count)
	default:
		for i := 0; i < *count && status == 0 && err == nil; i++ {
			status, err = connect().Run(command, os.Stdout, os.Stderr)
		}
	}
	if err != nil {
		fail(err)
	}
	os.Exit(status)
}

// As the library's own Run, with one shell for all.
func runHeld(client *winrm.Client, command string, count int) (int, error) {
	shell, err := client.CreateShell()
	if err != nil {
		return 1, err
	}
	defer shell.Close()
	status := 0
	for i := 0; i < count && status == 0; i++ {
		running, err := shell.Execute(command)
		if err != nil {
			return 1, err
		}
		var outputs sync.WaitGroup
		outputs.Add(2)
		go func() { defer outputs.Done(); _, _ = io.Copy(os.Stdout, running.Stdout) }()
		go func() { defer outputs.Done(); _, _ = io.Copy(os.Stderr, running.Stderr) }()
		running.Wait()
		outputs.Wait()
		running.Close()
		status = running.ExitCode()
	}
	return status, nil
}
