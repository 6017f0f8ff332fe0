#include "simulate/tests/host_fixture.h"

namespace mullion::simulate::testing {

void HostFixture::use(const std::string& lines) {
    const std::string text =
        "version: 1\naccounts: [{user: alice, password: secret}]\n"
        "hosts: [{name: web01, address: 127.1.0.1}]\n" +
        lines;
    const ReadFile files = [](const std::string& path) -> Result<std::string> {
        return Error{ErrorId::usage_file, path};
    };
    auto read = read_fleet(text, files);
    ASSERT_TRUE(read.ok()) << read.error().message();
    fleet.emplace(std::move(*read));
    accounts = std::make_unique<FleetAccounts>(fleet->hosts[0].kind->accounts);
    host =
        std::make_unique<Host>(Host::Parts{*fleet, 0, io.get_executor(), *accounts, null_logger(), nullptr});
    request.to = "http://web01:5985/wsman";
    request.session_id = "uuid:11111111-1111-1111-1111-111111111111";
}

HostFixture::Pending HostFixture::begin(std::string body) {
    channel::Incoming in;
    in.identity.emplace("alice", auth::Transport::ntlm, true, "");
    in.content_type = std::string(wsman::content_type_utf8);
    in.body = std::move(body);
    in.client_ip = "127.0.0.1";
    in.sealed = true;
    auto answer = std::make_shared<std::optional<channel::Outgoing>>();
    auto task = host->dispatcher().handle(std::move(in));
    boost::asio::co_spawn(io, std::move(task), [answer](std::exception_ptr bug, channel::Outgoing out) {
        EXPECT_FALSE(bug);
        *answer = std::move(out);
    });
    settle();
    return answer;
}

void HostFixture::settle() {
    io.restart();
    while (io.poll() != 0) {
    }
}

channel::Outgoing HostFixture::finish(const Pending& pending) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    io.restart();
    while (!*pending && std::chrono::steady_clock::now() < until) io.run_one_until(until);
    EXPECT_TRUE(pending->has_value()) << "no answer";
    return pending->value_or(channel::Outgoing{});
}

namespace {

wsman::Message understood(const channel::Outgoing& outgoing) {
    EXPECT_EQ(outgoing.status, 200) << outgoing.body;
    auto message = wsman::read_message(outgoing.body, wsman::wire_limits(1024 * 1024));
    EXPECT_TRUE(message.ok()) << outgoing.body;
    return std::move(*message);
}

}  // namespace

std::uint32_t HostFixture::code_of(const channel::Outgoing& outgoing) {
    EXPECT_EQ(outgoing.status, 500) << outgoing.body;
    const auto message = wsman::read_message(outgoing.body, wsman::wire_limits(1024 * 1024));
    if (!message.ok()) return 0;
    const auto fault = wsman::read_fault(*message);
    return fault.ok() ? fault->code : 0;
}

std::string HostFixture::open_shell(wsman::CreateShell what) {
    const auto created =
        wsman::read_create_response(understood(say(wsman::write_create(request, id(), what))));
    EXPECT_TRUE(created.ok());
    return created.ok() ? created->shell_id : std::string();
}

channel::Outgoing HostFixture::try_run(const std::string& shell, wsman::RunCommand what) {
    return say(wsman::write_command(request, id(), shell, what));
}

std::string HostFixture::run(const std::string& shell, std::string command) {
    const auto id = wsman::read_command_response(understood(try_run(shell, line(std::move(command)))));
    EXPECT_TRUE(id.ok());
    return id.ok() ? *id : std::string();
}

channel::Outgoing HostFixture::try_receive(const std::string& shell, const std::string& command) {
    wsman::ReceiveOutput what;
    what.command_id = command;
    return say(wsman::write_receive(request, id(), shell, what));
}

wsman::ReceivedOutput HostFixture::receive(const std::string& shell, const std::string& command) {
    auto output = wsman::read_receive_response(understood(try_receive(shell, command)));
    EXPECT_TRUE(output.ok());
    return output.ok() ? std::move(*output) : wsman::ReceivedOutput{};
}

void HostFixture::send(const std::string& shell, const std::string& command, std::string bytes, bool end) {
    wsman::SendInput what;
    what.command_id = command;
    what.bytes = std::move(bytes);
    what.end = end;
    EXPECT_EQ(say(wsman::write_send(request, id(), shell, what)).status, 200);
}

HostFixture::Whole HostFixture::all_of(const std::string& shell, const std::string& command) {
    Whole whole;
    while (whole.receives < 100'000) {
        ++whole.receives;
        const auto output = receive(shell, command);
        for (const auto& chunk : output.chunks)
            (chunk.stream == "stdout" ? whole.out : whole.err) += chunk.bytes;
        if (output.state != wsman::CommandState::done) continue;
        whole.exit_code = output.exit_code.value_or(0);
        return whole;
    }
    ADD_FAILURE() << "no end";
    return whole;
}

}  // namespace mullion::simulate::testing
