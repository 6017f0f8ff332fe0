#include "service/tests/service_fixture.h"

namespace mullion::service::testing {

ServiceFixture::ServiceFixture()
    : backend(io.get_executor()),
      shells(io.get_executor(), backend, random, clock, null_logger(), "testhost.example"),
      dispatcher({shells, settings, random, null_logger(), "testhost", {"6.1.0"}}) {
    request.to = "http://testhost:5985/wsman";
    request.session_id = "uuid:11111111-1111-1111-1111-111111111111";
}

channel::Incoming ServiceFixture::incoming(std::string body, const std::string& user, bool administrator) {
    channel::Incoming in;
    in.identity.emplace(user, auth::Transport::ntlm, administrator, user);
    in.content_type = std::string(wsman::content_type_utf8);
    in.body = std::move(body);
    in.client_ip = "10.1.2.3";
    in.sealed = true;
    return in;
}

ServiceFixture::Pending ServiceFixture::begin(std::string body, const std::string& user, bool administrator) {
    return begin(incoming(std::move(body), user, administrator));
}

ServiceFixture::Pending ServiceFixture::begin(channel::Incoming in) {
    auto answer = std::make_shared<std::optional<channel::Outgoing>>();
    auto task = dispatcher.handle(std::move(in));
    boost::asio::co_spawn(io, std::move(task), [answer](std::exception_ptr bug, channel::Outgoing out) {
        EXPECT_FALSE(bug);
        *answer = std::move(out);
    });
    settle();
    return answer;
}

void ServiceFixture::settle() {
    io.restart();
    while (io.poll() != 0) {
    }
}

channel::Outgoing ServiceFixture::finish(const Pending& pending) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    io.restart();
    while (!*pending && std::chrono::steady_clock::now() < until) io.run_one_until(until);
    EXPECT_TRUE(pending->has_value()) << "no answer";
    return pending->value_or(channel::Outgoing{});
}

channel::Outgoing ServiceFixture::say(std::string body, const std::string& user, bool administrator) {
    return finish(begin(std::move(body), user, administrator));
}

channel::Outgoing ServiceFixture::handle(channel::Incoming in) {
    auto answer = std::make_shared<std::optional<channel::Outgoing>>();
    auto task = dispatcher.handle(std::move(in));
    boost::asio::co_spawn(io, std::move(task),
                          [answer](std::exception_ptr, channel::Outgoing out) { *answer = std::move(out); });
    return finish(answer);
}

wsman::Message ServiceFixture::understood(const channel::Outgoing& outgoing) {
    EXPECT_EQ(outgoing.status, 200) << outgoing.body;
    auto message = wsman::read_message(outgoing.body, wsman::wire_limits(1024 * 1024));
    EXPECT_TRUE(message.ok()) << outgoing.body;
    return std::move(*message);
}

wsman::Fault ServiceFixture::fault_of(const channel::Outgoing& outgoing) {
    EXPECT_EQ(outgoing.status, 500) << outgoing.body;
    const auto message = wsman::read_message(outgoing.body, wsman::wire_limits(1024 * 1024));
    EXPECT_TRUE(message.ok()) << outgoing.body;
    if (!message.ok()) return {};
    auto fault = wsman::read_fault(*message);
    EXPECT_TRUE(fault.ok()) << outgoing.body;
    return fault.ok() ? std::move(*fault) : wsman::Fault{};
}

std::string ServiceFixture::open_shell(wsman::CreateShell what, const std::string& user) {
    const auto out = say(wsman::write_create(request, message_id(), what), user);
    const auto created = wsman::read_create_response(understood(out));
    EXPECT_TRUE(created.ok());
    return created.ok() ? created->shell_id : std::string();
}

std::string ServiceFixture::run(const std::string& shell_id, const std::string& line,
                                const std::string& user) {
    wsman::RunCommand what;
    what.command = line;
    const auto out = say(wsman::write_command(request, message_id(), shell_id, what), user);
    const auto id = wsman::read_command_response(understood(out));
    EXPECT_TRUE(id.ok());
    return id.ok() ? *id : std::string();
}

std::string ServiceFixture::receive_body(const std::string& shell_id, const std::string& command_id) {
    wsman::ReceiveOutput what;
    what.command_id = command_id;
    return wsman::write_receive(request, message_id(), shell_id, what);
}

wsman::ReceivedOutput ServiceFixture::receive(const std::string& shell_id, const std::string& command_id) {
    const auto out = say(receive_body(shell_id, command_id));
    auto output = wsman::read_receive_response(understood(out));
    EXPECT_TRUE(output.ok()) << out.body;
    return output.ok() ? std::move(*output) : wsman::ReceivedOutput{};
}

void ServiceFixture::change(const std::function<void(state::Settings&)>& how) {
    state::Settings next = *settings.get();
    how(next);
    settings.set(next);
}

}  // namespace mullion::service::testing
