// service_load HOST PORT CA|- USER: connections of one client to a service, for tools/bench. The password is
// the first line of standard input; then a word each, answered with "ok SECONDS" once it is done:
//   open N       so many more connections that have logged on by NTLM and said Identify; then they are idle
//   identify N   so many Identify, over all connections in turn, 32 at a time
//   shells N     so many shells: Create, a command, its output and end, Delete
//   wait N       N connections with a shell of their own, a command that runs on, and a Receive that waits
// Whatever is answered wrongly ends it with 1.
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "channel/client_connection.h"
#include "core/ids.h"
#include "ntlm/initiator.h"
#include "wsman/identify.h"
#include "wsman/shell.h"
#include "wsman/wire.h"

namespace {

using namespace mullion;
using channel::ClientConnection;
using std::chrono::steady_clock;

constexpr std::size_t busy = 32;  // Connections at work at a time.
constexpr std::chrono::seconds patience{60};

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "service_load: %s\n", what.c_str());
    std::_Exit(1);
}

class Load {
public:
    Load(channel::ClientSettings settings, std::string user, std::string password)
        : settings_(std::move(settings)), user_(std::move(user)), password_(std::move(password)) {
        request_.to = "https://" + settings_.host_field + settings_.path;
        request_.operation_timeout = Duration(50'000);
    }

    void open(std::size_t count) {
        const std::size_t first = connections_.size();
        for (std::size_t i = 0; i < count; ++i) connections_.push_back(connection());
        side_by_side(
            count, [this, first](std::size_t i, std::size_t) { return identify(*connections_[first + i]); });
    }
    void identify(std::size_t count) {
        side_by_side(count,
                     [this](std::size_t i, std::size_t worker) { return identify(one_of(worker, i)); });
    }
    void shells(std::size_t count) {
        side_by_side(count, [this](std::size_t i, std::size_t worker) { return shell(one_of(worker, i)); });
    }
    // Their Receives go on when this returns.
    void wait(std::size_t count) {
        std::size_t begun = 0;
        for (std::size_t i = 0; i < count; ++i) {
            auto task = waiting(*connections_.at(i), begun);
            boost::asio::co_spawn(io_, std::move(task), boost::asio::detached);
        }
        while (begun < count) io_.run_one();
        // The last Receives are on their way.
        const auto until = steady_clock::now() + std::chrono::milliseconds(500);
        while (steady_clock::now() < until) io_.run_one_until(until);
    }

private:
    std::unique_ptr<ClientConnection> connection() {
        channel::MakeInitiator make =
            [this](channel::LogonPlan plan) -> net::Task<Result<std::unique_ptr<auth::Initiator>>> {
            auth::Credential credential;
            credential.user = user_;
            credential.password = Secret(password_);
            ntlm::InitiatorOptions options;
            options.host = settings_.endpoint.host;
            options.binding = plan.binding;
            co_return ntlm::make_initiator(credential, options);
        };
        return std::make_unique<ClientConnection>(io_.get_executor(), pool_, settings_, std::move(make));
    }

    // Each worker has connections of its own: one exchange at a time is what a connection carries.
    ClientConnection& one_of(std::size_t worker, std::size_t turn) {
        if (connections_.size() < busy) fail("open some connections first");
        const std::size_t each = connections_.size() / busy;
        return *connections_[worker * each + turn % each];
    }

    using One = std::function<net::Task<void>(std::size_t, std::size_t worker)>;
    // One after another by each of a few workers, until all are done.
    void side_by_side(std::size_t count, const One& one) {
        std::size_t next = 0;
        std::size_t done = 0;
        for (std::size_t worker = 0; worker < std::min(busy, count); ++worker) {
            auto task = work(worker, next, done, count, one);
            boost::asio::co_spawn(io_, std::move(task), boost::asio::detached);
        }
        io_.restart();
        while (done < count) io_.run_one();
    }
    static net::Task<void> work(std::size_t worker, std::size_t& next, std::size_t& done, std::size_t count,
                                const One& one) {
        while (next < count) {
            auto task = one(next++, worker);
            co_await std::move(task);
            ++done;
        }
    }

    net::Task<wsman::Message> ask(ClientConnection& connection, std::string body) {
        auto task = connection.exchange(std::move(body), steady_clock::now() + patience);
        auto answer = co_await std::move(task);
        if (!answer.ok()) fail(answer.error().message());
        if (answer->status != 200) fail(answer->body);
        auto message = wsman::read_message(std::move(answer->body), wsman::wire_limits(1024 * 1024));
        if (!message.ok()) fail(message.error().message());
        co_return std::move(*message);
    }

    net::Task<void> identify(ClientConnection& connection) {
        auto task = ask(connection, wsman::write_identify());
        const auto message = co_await std::move(task);
        if (!wsman::read_identify_response(message).ok()) fail("no answer to Identify");
    }

    std::string id() { return wsman::new_message_id(system_random()); }
    net::Task<std::string> create(ClientConnection& connection) {
        auto task = ask(connection, wsman::write_create(request_, id(), {}));
        const auto message = co_await std::move(task);
        const auto created = wsman::read_create_response(message);
        if (!created.ok()) fail(created.error().message());
        co_return created->shell_id;
    }
    net::Task<std::string> command(ClientConnection& connection, std::string shell, std::string line) {
        wsman::RunCommand what;
        what.command = std::move(line);
        auto task = ask(connection, wsman::write_command(request_, id(), shell, what));
        const auto message = co_await std::move(task);
        auto command = wsman::read_command_response(message);
        if (!command.ok()) fail(command.error().message());
        co_return std::move(*command);
    }

    net::Task<void> shell(ClientConnection& connection) {
        auto creating = create(connection);
        const std::string shell = co_await std::move(creating);
        auto starting = command(connection, shell, "echo bench");
        wsman::ReceiveOutput what;
        what.command_id = co_await std::move(starting);
        std::string output;
        for (bool done = false; !done;) {
            auto task = ask(connection, wsman::write_receive(request_, id(), shell, what));
            const auto message = co_await std::move(task);
            const auto received = wsman::read_receive_response(message);
            if (!received.ok()) fail(received.error().message());
            for (const auto& chunk : received->chunks) output += chunk.bytes;
            done = received->state == wsman::CommandState::done;
        }
        if (output != "bench\n") fail("wrong output: " + output);
        auto task = ask(connection, wsman::write_delete(request_, id(), shell));
        (void)co_await std::move(task);
    }

    net::Task<void> waiting(ClientConnection& connection, std::size_t& begun) {
        auto creating = create(connection);
        const std::string shell = co_await std::move(creating);
        auto starting = command(connection, shell, "sleep 600");
        wsman::ReceiveOutput what;
        what.command_id = co_await std::move(starting);
        ++begun;
        auto body = wsman::write_receive(request_, id(), shell, what);
        auto task = connection.exchange(std::move(body), steady_clock::now() + patience);
        (void)co_await std::move(task);
    }

    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_{io_.get_executor()};
    net::WorkerPool pool_{1};
    channel::ClientSettings settings_;
    wsman::RequestSettings request_;
    std::string user_;
    std::string password_;
    std::vector<std::unique_ptr<ClientConnection>> connections_;
};

channel::ClientSettings settings_of(char** words) {
    channel::ClientSettings settings;
    settings.endpoint.host = words[1];
    settings.endpoint.port = static_cast<std::uint16_t>(std::atoi(words[2]));
    settings.host_field = std::string(words[1]) + ":" + words[2];
    settings.transports = {auth::Transport::ntlm};
    settings.connect_timeout = settings.read_timeout = patience;
    if (std::string(words[3]) == "-") return settings;
    net::TlsVerification verification;
    verification.ca_file = words[3];
    auto tls = net::TlsClient::make(verification);
    if (!tls.ok()) fail(tls.error().message());
    settings.endpoint.tls = std::move(*tls);
    return settings;
}

void raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** words) {
    if (count != 5) fail("usage: service_load HOST PORT CA|- USER");
    raise_descriptor_limit();
    std::string password;
    std::getline(std::cin, password);
    Load load(settings_of(words), words[4], password);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in(line);
        std::string word;
        std::size_t number = 0;
        in >> word >> number;
        const auto began = steady_clock::now();
        if (word == "open")
            load.open(number);
        else if (word == "identify")
            load.identify(number);
        else if (word == "shells")
            load.shells(number);
        else if (word == "wait")
            load.wait(number);
        else
            fail("what is " + line + "?");
        const std::chrono::duration<double> took = steady_clock::now() - began;
        std::printf("ok %.6f\n", took.count());
        std::fflush(stdout);
    }
    std::fflush(stdout);
    std::_Exit(0);  // What waits is not waited for.
}
