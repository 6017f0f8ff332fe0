#include <gtest/gtest.h>

#include "encoding/utf16.h"
#include "service/access/access.h"
#include "service/tests/service_fixture.h"
#include "wsman/identify.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;

class DispatcherTest : public ServiceFixture {
protected:
    // A request of any action and resource with an empty body.
    std::string anything(std::string_view action, std::string_view resource,
                         std::vector<wsman::Selector> selectors = {},
                         std::vector<wsman::Option> options = {}) {
        wsman::RequestHead head;
        head.action = action;
        head.resource_uri = resource;
        head.message_id = message_id();
        head.selectors = std::move(selectors);
        head.options = std::move(options);
        return wsman::write_request(request, head, [](xml::Writer&) {});
    }
    std::string create() { return wsman::write_create(request, message_id(), {}); }
};

TEST_F(DispatcherTest, IdentifyTellsStrangersNothing) {
    channel::Incoming in;
    in.identify_only = true;
    in.content_type = std::string(wsman::content_type_utf8);
    in.body = wsman::write_identify();
    const auto identity = wsman::read_identify_response(understood(handle(in)));
    ASSERT_TRUE(identity.ok());
    EXPECT_EQ(identity->product_version, "OS: 0.0.0 SP: 0.0 Stack: 3.0");
    EXPECT_TRUE(identity->security_profiles.empty());
}

TEST_F(DispatcherTest, IdentifyTellsUsersWhatIsEnabled) {
    auto in = incoming(wsman::write_identify(), "alice", false);
    in.tls = true;
    change([](state::Settings& s) { s.basic = true; });
    const auto identity = wsman::read_identify_response(understood(handle(in)));
    ASSERT_TRUE(identity.ok());
    EXPECT_EQ(identity->product_vendor, "Mullion");
    EXPECT_EQ(identity->product_version, "OS: 6.1.0 SP: 0.0 Stack: 3.0");
    ASSERT_EQ(identity->security_profiles.size(), 2u);
    EXPECT_NE(identity->security_profiles[0].find("secprofile/https/basic"), std::string::npos);
    EXPECT_NE(identity->security_profiles[1].find("secprofile/https/spnego-kerberos"), std::string::npos);
}

// Refuses Create with a fault, and puts something behind every other answer.
class RefusesCreate final : public RequestHook {
public:
    net::Task<channel::Outgoing> answer(const channel::Incoming&, const wsman::Message& message,
                                        GoOn go_on) override {
        ++seen;
        std::optional<wsman::Fault> instead;
        if (message.header.action == wsman::action::create) instead = wsman::make_fault(code::quota_shells);
        auto out = co_await go_on(std::move(instead));
        out.delivery.way = channel::Delivery::Way::cut;
        co_return out;
    }
    int seen = 0;
};

TEST_F(DispatcherTest, AHookSeesWhatWasUnderstoodAndMayAnswerOtherwise) {
    RefusesCreate hook;
    Dispatcher hooked(
        {shells, settings, random, null_logger(), "testhost", {"6.3.9600", "Contoso", "2.0"}, &hook});
    const auto ask = [&](std::string body) {
        auto answer = std::make_shared<std::optional<channel::Outgoing>>();
        auto task = hooked.handle(incoming(std::move(body), "alice", true));
        boost::asio::co_spawn(io, std::move(task), [answer](std::exception_ptr, channel::Outgoing out) {
            *answer = std::move(out);
        });
        return finish(answer);
    };
    const auto refused = ask(create());
    EXPECT_EQ(code_of(refused), code::quota_shells);
    EXPECT_EQ(refused.delivery.way, channel::Delivery::Way::cut);
    EXPECT_EQ(shells.count(), 0u);
    const auto identity = wsman::read_identify_response(understood(ask(wsman::write_identify())));
    ASSERT_TRUE(identity.ok());
    EXPECT_EQ(identity->product_vendor, "Contoso");
    EXPECT_EQ(identity->product_version, "OS: 6.3.9600 SP: 0.0 Stack: 2.0");
    (void)ask("<not-an-envelope/>");
    EXPECT_EQ(hook.seen, 2);
}

// Knows nobody, and is told whose number a request has.
class NobodysTokens final : public TokenSource {
public:
    SharedToken known(const auth::Identity& /*identity*/, AccountNumber proven) override {
        asked.push_back(proven);
        return nullptr;
    }
    net::Task<Result<SharedToken>> find(const auth::Identity& /*identity*/, AccountNumber proven) override {
        asked.push_back(proven);
        co_return Error(ErrorId::auth_rejected, "another has its name");
    }
    std::vector<AccountNumber> asked;
};

TEST_F(DispatcherTest, RightsAreThoseOfTheAccountThatWasProven) {
    NobodysTokens tokens;
    Dispatcher asking(
        {shells, settings, random, null_logger(), "testhost", {"6.1.0"}, nullptr, nullptr, nullptr, tokens});
    auto in = incoming(create(), "alice", true);
    in.account_number = 1004;
    auto answer = std::make_shared<std::optional<channel::Outgoing>>();
    auto task = asking.handle(std::move(in));
    boost::asio::co_spawn(io, std::move(task),
                          [answer](std::exception_ptr, channel::Outgoing out) { *answer = std::move(out); });
    EXPECT_EQ(code_of(finish(answer)), code::access_denied);
    EXPECT_EQ(tokens.asked, (std::vector<AccountNumber>{1004, 1004}));
    EXPECT_EQ(shells.count(), 0u);
}

TEST_F(DispatcherTest, WithoutAnIdentityThereIsNothingButIdentify) {
    channel::Incoming in;
    in.content_type = std::string(wsman::content_type_utf8);
    in.identify_only = true;
    // Not even what is wrong with what he says, or what there is.
    for (const auto& said :
         {create(), anything(wsman::action::get, "http://nowhere"), std::string("<broken")}) {
        in.body = said;
        const auto answer = handle(in);
        EXPECT_EQ(answer.status, 401);
        EXPECT_EQ(answer.body, "");
    }
    in.body = wsman::write_identify();
    in.content_type = "application/soap+xml;charset=EBCDIC";
    EXPECT_EQ(handle(in).status, 401);
    EXPECT_EQ(shells.count(), 0u);
}

TEST_F(DispatcherTest, OnlyAdministratorsMayUseShells) {
    const auto fault = fault_of(say(create(), "bob", false));
    EXPECT_EQ(fault.code, code::access_denied);
    EXPECT_EQ(fault.soap_code, "Sender");
    EXPECT_EQ(fault.subcode, "AccessDenied");
    EXPECT_EQ(fault.machine, "testhost");
    EXPECT_EQ(shells.count(), 0u);
}

TEST_F(DispatcherTest, RemoteAccessCanBeSwitchedOff) {
    change([](state::Settings& s) { s.allow_remote_access = false; });
    EXPECT_EQ(code_of(say(create())), code::remote_access_disabled);
    auto in = incoming(create(), "alice", true);
    in.client_ip = "::ffff:127.0.0.1";
    EXPECT_EQ(handle(in).status, 200);
}

TEST_F(DispatcherTest, EveryFaultOfRoutingAndHeaders) {
    namespace action = wsman::action;
    namespace resource = wsman::resource;
    struct Case {
        std::string body;
        std::uint32_t code;
    };
    const std::vector<Case> cases{
        {"<not xml", code::invalid_xml},
        {"<a/>", 0},
        {anything(action::get, "http://example.org/nothing"), code::resource_not_found},
        {anything(action::get, resource::command_shell), code::action_not_supported},
        {anything(action::put, resource::shells), code::action_not_supported},
        {anything(action::command, resource::shells), code::action_not_supported},
        {anything(action::disconnect, resource::command_shell), code::unsupported_feature},
        {anything(action::reconnect, resource::command_shell), code::unsupported_feature},
        {anything(action::connect, resource::command_shell), code::unsupported_feature},
        {anything(action::remove, resource::command_shell), code::insufficient_selectors},
        {anything(action::remove, resource::command_shell, {{"Name", "x"}}), code::unexpected_selectors},
        {anything(action::remove, resource::command_shell, {{"ShellId", "x"}, {"Other", "y"}}),
         code::unexpected_selectors},
        {anything(action::remove, resource::command_shell, {{"ShellId", "x"}}), code::unexpected_selectors},
        {anything(action::create, resource::command_shell, {}, {{"SOMETHING", "1", true}}),
         code::options_not_supported},
        {anything(action::get, resource::shells), code::insufficient_selectors},
    };
    for (const auto& one : cases) {
        const auto out = say(one.body);
        EXPECT_EQ(out.status, 500) << one.body;
        if (one.code == 0) continue;
        EXPECT_EQ(code_of(out), one.code) << one.body << "\n" << out.body;
    }
}

TEST_F(DispatcherTest, TheAnswerNamesTheQuestion) {
    const std::string id = message_id();
    const auto good = understood(say(wsman::write_create(request, id, {})));
    EXPECT_EQ(good.header.relates_to, id);
    EXPECT_EQ(good.header.action, std::string(wsman::action::create) + "Response");
    const auto bad = say(wsman::write_delete(request, id, "11111111-1111-1111-1111-111111111112"));
    const auto message = wsman::read_message(bad.body, wsman::wire_limits(1024 * 1024));
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(message->header.relates_to, id);
}

TEST_F(DispatcherTest, AFaultSaysNothingBackAtLength) {
    wsman::RequestHead head;
    head.action = wsman::action::get;
    head.resource_uri = wsman::resource::shells;
    const auto size_of = [&] {
        return say(wsman::write_request(request, head, [](xml::Writer&) {})).body.size();
    };
    head.message_id = std::string(300'000, 'm');
    EXPECT_LT(size_of(), 5'000u);
    head.message_id = message_id();
    const std::string name(100'000, 'n');
    head.selectors = {{name, "1"}, {name, "2"}};
    EXPECT_LT(size_of(), 5'000u);
    head.selectors.clear();
    head.options = {{name, "1", true}};
    EXPECT_LT(size_of(), 5'000u);
}

TEST_F(DispatcherTest, ResourcesAreFoundWithoutRegardToCase) {
    std::string body = create();
    const auto at = body.find("windows/shell/cmd");
    ASSERT_NE(at, std::string::npos);
    body.replace(at, 17, "Windows/Shell/CMD");
    EXPECT_EQ(say(body).status, 200);
}

TEST_F(DispatcherTest, AnswersInTheCharsetOfTheQuestion) {
    auto in =
        incoming("\xFF\xFE" + *encoding::utf8_to_utf16(create(), encoding::ByteOrder::little), "alice", true);
    in.content_type = std::string(wsman::content_type_utf16);
    const auto out = handle(in);
    EXPECT_EQ(out.status, 200);
    EXPECT_EQ(out.content_type, wsman::content_type_utf16);
    EXPECT_EQ(out.body.substr(0, 2), "\xFF\xFE");
    EXPECT_TRUE(wsman::read_create_response(understood(out)).ok());

    in.content_type = "application/soap+xml; charset=\"utf-16le\"";
    EXPECT_EQ(handle(in).content_type, wsman::content_type_utf16);

    in = incoming(create(), "alice", true);
    in.content_type = "application/soap+xml;charset=KOI8-R";
    EXPECT_EQ(code_of(handle(in)), code::unsupported_encoding);
}

TEST_F(DispatcherTest, ShellMessagesComeWithALength) {
    auto in = incoming(create(), "alice", true);
    in.chunked = true;
    const auto fault = fault_of(handle(in));
    EXPECT_EQ(fault.code, 50u);
    EXPECT_EQ(fault.subcode, "InternalError");
}

TEST_F(DispatcherTest, AnAnswerKeepsToTheEnvelopeThatTheClientTakes) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "flood");
    script().put(std::string(200'000, 'x'));
    script().end(0);
    settle();
    std::string all;
    for (const std::uint64_t limit : {8'192u, 20'000u, 150'000u, 512'000u}) {
        request.max_envelope_size = limit;
        const auto out = say(receive_body(shell, command));
        EXPECT_LE(out.body.size(), limit);
        const auto output = wsman::read_receive_response(understood(out));
        ASSERT_TRUE(output.ok());
        for (const auto& chunk : output->chunks) all += chunk.bytes;
        EXPECT_EQ(output->state == wsman::CommandState::done, all.size() == 200'000u);
    }
    EXPECT_EQ(all, std::string(200'000, 'x'));
}

TEST_F(DispatcherTest, AnAnswerThatCannotFitIsAFault) {
    wsman::CreateShell what;
    for (int i = 0; i < 100; ++i)
        what.environment.emplace_back("V" + std::to_string(i), std::string(100, 'v'));
    request.max_envelope_size = 8'192;
    EXPECT_EQ(say(wsman::write_create(request, message_id(), what)).status, 200);
    what.working_directory = std::string(9'000, 'd');
    const auto asked_for_less = fault_of(say(wsman::write_create(request, message_id(), what)));
    EXPECT_EQ(asked_for_less.code, code::response_too_large);
    EXPECT_EQ(asked_for_less.subcode, "EncodingLimit");
    EXPECT_EQ(asked_for_less.detail, "MaxEnvelopeSizeExceeded");

    request.max_envelope_size = 512'000;
    what.working_directory = std::string(40'000, 'd');
    const std::string shell = open_shell(what);
    change([](state::Settings& s) { s.max_envelope_size_kb = 32; });
    const auto over_our_own = fault_of(say(wsman::write_get_shell(request, message_id(), shell)));
    EXPECT_EQ(over_our_own.code, code::service_envelope_limit);
    EXPECT_EQ(over_our_own.subcode, "EncodingLimit");
    EXPECT_EQ(over_our_own.detail, "ServiceEnvelopeLimit");
}

// Whatever is cut off must be refused, and nothing may be done for it.
TEST_F(DispatcherTest, EveryTruncationIsAFault) {
    const std::string whole = create();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto out = say(whole.substr(0, length));
        ASSERT_EQ(out.status, 500) << length;
    }
    EXPECT_EQ(shells.count(), 0u);
}

TEST(Access, LoopbackIsThisMachine) {
    for (const char* here : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(is_loopback(here)) << here;
    for (const char* there : {"", "10.0.0.1", "::2", "::ffff:10.0.0.1", "128.0.0.1", "fe80::1"})
        EXPECT_FALSE(is_loopback(there)) << there;
}

}  // namespace
}  // namespace mullion::service::testing
