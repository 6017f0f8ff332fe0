// What CIM's resources take and refuse, who may, and what is written down: service-protocol 3.3, 3.4, 4.
#include "rights/sid.h"
#include "service/cim/cim_uris.h"
#include "service/tests/cim_fixture.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;
namespace action = wsman::action;

const std::string wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi";
const std::string dmtf = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_Service";
const std::string all_classes = "http://schemas.dmtf.org/wbem/wscim/1/*";
const std::string metadata = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*";

class CimRequests : public CimFixture {
protected:
    // Whatever is asked is answered with an envelope that says so.
    CimRequests() {
        played.begin = [](PlayedAnswer& a) {
            a.say(cim::FromHost(
                cim::Answer{wsman::write_response("answered", a.question.answer_id, {},
                                                  [](xml::Writer& out) { out.open("p:Fine").close(); })}));
        };
    }
    channel::Outgoing get(const std::string& uri, std::vector<wsman::Selector> selectors = {},
                          const std::string& user = "alice", bool administrator = true) {
        return ask(request_body(action::get, uri, std::move(selectors)), user, administrator);
    }
};

TEST_F(CimRequests, TheAnswerIsPassedOn) {
    const auto out = get(services, {{"Name", "cron"}});
    EXPECT_NE(out.body.find("p:Fine"), std::string::npos) << out.body;
    EXPECT_NE(answer().question.envelope.find("cron"), std::string::npos);
    settle();
    EXPECT_TRUE(answer().destroyed);
    EXPECT_TRUE(lines.all.empty());
}

TEST_F(CimRequests, EachResourceHasItsActions) {
    struct Case {
        std::string_view action;
        std::string uri;
        std::uint32_t code;  // 0: it is answered.
    };
    const std::string method = std::string(services) + "/StopService";
    const std::vector<Case> cases{
        {action::get, services, 0},
        {action::put, services, 0},
        {action::create, services, 0},
        {action::remove, services, 0},
        {method, services, 0},
        {action::get, dmtf, 0},
        {action::get,
         "http://schemas.microsoft.com/wbem/wscim/1/cim-schema/2/SCX_Agent?__cimnamespace=root/scx", 0},
        {action::get, metadata, 0},
        {action::get, wmi, 0},  // Its address names no class: who answers says so.
        {action::put, metadata, code::action_not_supported},
        {action::get, all_classes, code::action_not_supported},
        {method, all_classes, code::action_not_supported},
        {"http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe", services, code::action_not_supported},
        {"http://schemas.xmlsoap.org/ws/2004/09/enumeration/Renew", services, code::action_not_supported},
        {action::command, services, code::action_not_supported},
        {action::get, wmi + "x/root/cimv2/Win32_Service", code::resource_not_found},
        {action::get, "http://schemas.dmtf.org/wbem/wscim/1/other", code::resource_not_found},
        {action::get, metadata + "/deeper", code::resource_not_found},
    };
    for (const auto& one : cases) {
        const auto out = ask(request_body(one.action, one.uri));
        EXPECT_EQ(out.status, one.code == 0 ? 200 : 500) << one.action << " " << one.uri << " " << out.body;
        if (one.code == 0) continue;
        EXPECT_EQ(code_of(out), one.code) << one.action << " " << one.uri;
    }
}

TEST_F(CimRequests, OptionsOfTheClientsAreTakenAndOthersRefused) {
    const auto with = [&](const std::string& name) {
        return ask(request_body(action::get, services, {}, {{name, "1", true}}));
    };
    for (const char* name : {"__MI_CallbackRegistration", "wmiarray:__MI_OPERATIONOPTIONS_CHANNELVALUE",
                             "__MI_OPERATIONOPTIONS_ISSHELL", "msftwinrm:UsePreciseArrays", "WMI:x",
                             "includeInheritanceHierarchy", "IncludeInheritedElements", "IncludeQualifiers",
                             "WSMAN_CMDSHELL_OPTION_KEEPALIVE"})
        EXPECT_EQ(with(name).status, 200) << name;
    for (const char* name :
         {"SOMETHING", "__MI_", "wmi:", "wmix:y", "IncludeQualifiersToo", "WINRS_NOPROFILE"})
        EXPECT_EQ(code_of(with(name)), code::options_not_supported) << name;
}

TEST_F(CimRequests, FaultsAreTheirs) {
    played.begin = [](PlayedAnswer& a) {
        a.say(cim::FromHost(cim::Failure{0x803380FA, "keys are missing", "WMI Provider", {}}));
    };
    const auto missing = fault_of(get(services));
    EXPECT_EQ(missing.code, 0x803380FAu);
    EXPECT_EQ(missing.message, "keys are missing");
    played.begin = [](PlayedAnswer& a) { a.items(1); };
    EXPECT_EQ(code_of(get(services)), code::internal_error) << "an item is no answer";
    settle();
    EXPECT_TRUE(answer(1).destroyed);
    played.begin = [](PlayedAnswer& a) { a.say(cim::FromHost(cim::Answer{"\xc3("})); };
    EXPECT_EQ(code_of(get(services)), code::internal_error) << "what is no text is no answer";
}

TEST_F(CimRequests, OneThatTakesTooLongIsEnded) {
    change([](state::Settings& s) { s.max_operations_per_user = 1; });
    played.begin = [](PlayedAnswer&) {};
    request.operation_timeout = Duration(30);
    EXPECT_EQ(code_of(get(services)), code::operation_timed_out);
    settle();
    EXPECT_TRUE(answer().destroyed);
    request.operation_timeout = Duration(20'000);
    const auto waits = begin_asking(request_body(action::get, services));
    EXPECT_EQ(code_of(get(services)), code::quota_operations);
    EXPECT_EQ(played.asked.size(), 2u);
    answer(1).say(cim::FromHost(cim::Answer{"<a/>"}));
    EXPECT_EQ(finish(waits).status, 200);
}

TEST_F(CimRequests, AnAnswerThatDoesNotFitIsAFault) {
    request.max_envelope_size = 8'192;
    played.begin = [](PlayedAnswer& a) {
        a.say(cim::FromHost(cim::Answer{"<a>" + std::string(9'000, 'x') + "</a>"}));
    };
    EXPECT_EQ(code_of(get(services)), code::response_too_large);
}

// Who from where called what with which outcome, for reads nothing: the S: part of descriptors is for those.
TEST_F(CimRequests, CallsOfMethodsAreWrittenDown) {
    const std::string uri(services);
    played.begin = [&](PlayedAnswer& a) {
        a.say(cim::FromHost(cim::Answer{wsman::write_response(uri + "/StopServiceResponse",
                                                              a.question.answer_id, {}, [](xml::Writer& out) {
                                                                  out.open("p:StopService_OUTPUT")
                                                                      .element("p:Waited", "no")
                                                                      .element("p:ReturnValue", "5")
                                                                      .close();
                                                              })}));
    };
    const auto stop = [&](const std::string& name) {
        return ask(request_body(uri + "/StopService", uri, {{"Name", name}}));
    };
    EXPECT_EQ(stop("cron\nroot from here").status, 200);
    const std::string object = "StopService of " + uri + " (Name=cron\\x0aroot from here)";
    EXPECT_EQ(lines.all,
              (std::vector<std::string>{"alice from 10.1.2.3: calls " + object,
                                        "alice from 10.1.2.3: called " + object + ": returned 5"}));
    played.begin = [](PlayedAnswer& a) {
        a.say(cim::FromHost(cim::Failure{5, "Access is denied.", {}, {}}));
    };
    EXPECT_EQ(code_of(stop(std::string(5'000, 'n'))), code::access_denied);
    ASSERT_EQ(lines.all.size(), 4u);
    EXPECT_LT(lines.all[3].size(), 800u);
    EXPECT_TRUE(lines.has("fault 0x00000005: Access is denied."));
}

// It may be the last thing that is ever written: before it is done, not when its answer comes.
TEST_F(CimRequests, ACallIsWrittenDownBeforeItIsDone) {
    const std::string uri(services);
    played.begin = [](PlayedAnswer&) {};
    played.holds_starts = true;
    const auto waits = begin_asking(request_body(uri + "/StopService", uri, {{"Name", "cron"}}));
    EXPECT_TRUE(lines.all.empty()) << "nothing was called yet";
    played.holds_starts = false;
    played.starts.notify();
    settle();
    EXPECT_FALSE(waits->has_value());
    ASSERT_EQ(lines.all.size(), 1u);
    EXPECT_EQ(lines.all[0], "alice from 10.1.2.3: calls StopService of " + uri + " (Name=cron)");
    answer().say(cim::FromHost(cim::Answer{"<a/>"}));
    EXPECT_EQ(finish(waits).status, 200);
    EXPECT_EQ(lines.all.size(), 2u);
}

// Whoever is refused asks again as fast as he can.
TEST_F(CimRequests, RefusedCallsAreWrittenDownSoOften) {
    const std::string uri(services);
    const auto stop = request_body(uri + "/StopService", uri, {{"Name", "cron"}});
    played.refuses = wsman::make_fault(code::quota_user, "too much");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(code_of(ask(stop)), code::quota_user);
    EXPECT_EQ(lines.all.at(0), "alice from 10.1.2.3: did not call StopService of " + uri +
                                   " (Name=cron): fault 0x803381A7: too much");
    change([](state::Settings& s) { s.max_operations_per_user = 0; });
    for (int i = 0; i < 20; ++i) EXPECT_EQ(code_of(ask(stop)), code::quota_operations);
    EXPECT_EQ(lines.all.size(), 30u);
    EXPECT_EQ(code_of(get(services)), code::quota_operations);
    clock.advance(LineLimit::span);
    refusals.sweep();
    ASSERT_EQ(lines.all.size(), 31u);
    EXPECT_EQ(lines.all.back(), "CIM: and 10 more refusals and failures");
}

TEST_F(CimRequests, ASlowStartEndsWithOperationTimeout) {
    const std::string uri(services);
    played.holds_starts = true;
    request.operation_timeout = Duration(30);
    EXPECT_EQ(code_of(ask(request_body(uri + "/StopService", uri, {{"Name", "cron"}}))),
              code::operation_timed_out);
    EXPECT_TRUE(lines.has("did not call StopService"));
    played.holds_starts = false;
    played.starts.notify();
    settle();
    EXPECT_TRUE(answer().destroyed);
    EXPECT_EQ(lines.all.size(), 1u);
}

TEST_F(CimRequests, RightsAreThoseOfTheNamespace) {
    EXPECT_EQ(code_of(get(services, {}, "bob", false)), code::access_denied) << "RootSDDL";
    set_rules({{wmi + "/root/cimv2", "D:(A;;GA;;;BA)(A;;GR;;;WD)", false}});
    EXPECT_EQ(get(services, {}, "bob", false).status, 200);
    EXPECT_EQ(code_of(get(wmi + "/root/other/Win32_Service", {}, "bob", false)), code::access_denied);
    EXPECT_EQ(code_of(get(dmtf, {}, "bob", false)), code::access_denied) << "another resource";
    const auto call = [&](const std::string& user, bool administrator) {
        return ask(request_body(std::string(services) + "/StopService", services), user, administrator);
    };
    EXPECT_EQ(code_of(call("bob", false)), code::access_denied) << "Execute was not granted";
    EXPECT_EQ(call("alice", true).status, 200);
    set_rules({{wmi + "/root/cimv2", "D:(A;;GA;;;BA)(A;;GRGX;;;WD)", false}});
    EXPECT_EQ(call("bob", false).status, 200);
    EXPECT_EQ(code_of(ask(request_body(action::remove, services), "bob", false)), code::access_denied);
}

// What is kept from somebody under one of its names is kept from him under the others.
TEST_F(CimRequests, NoOtherNameOfANamespaceLetsIn) {
    const std::string open = "D:(A;;GA;;;BA)(A;;GR;;;WD)";
    const std::string closed = "D:(A;;GA;;;BA)";
    set_rules({{"http://schemas.", open, false}, {wmi + "/root/cimv2", closed, false}});
    const std::vector<std::pair<std::string, std::vector<wsman::Selector>>> names{
        {services, {}},
        {wmi + "/root\\cimv2/Win32_Service", {}},
        {wmi + "/ROOT/CimV2/Win32_Service", {}},
        {dmtf, {}},
        {dmtf, {{"__cimnamespace", "root\\cimv2"}}},
        {dmtf + "?__cimnamespace=root/cimv2", {}},
        {metadata, {{"ClassName", "Win32_Service"}, {"__cimnamespace", "root/cimv2"}}},
    };
    for (const auto& [uri, selectors] : names) {
        EXPECT_EQ(code_of(get(uri, selectors, "bob", false)), code::access_denied) << uri;
        EXPECT_EQ(get(uri, selectors).status, 200) << uri;
    }
    EXPECT_EQ(code_of(ask(wsman::write_enumerate(request, message_id(), all_classes, {}, {}), "bob", false)),
              code::access_denied);
    EXPECT_EQ(get(dmtf, {{"__cimnamespace", "root/other"}}, "bob", false).status, 200);
}

TEST_F(CimRequests, ANamespaceHasOneName) {
    wsman::Header header;
    const auto name = [&](const std::string& uri, std::vector<wsman::Selector> selectors = {}) {
        header.resource_uri = uri;
        header.selectors = std::move(selectors);
        return wmi_name(header);
    };
    EXPECT_EQ(name(services), services);
    EXPECT_EQ(name(dmtf), wmi + "/root/cimv2/CIM_Service");
    EXPECT_EQ(name(dmtf, {{"__CIMNamespace", "root\\scx"}}), wmi + "/root/scx/CIM_Service");
    EXPECT_EQ(name(all_classes), wmi + "/root/cimv2/*");
    EXPECT_EQ(name(metadata, {{"classname", "X"}, {"__cimnamespace", "root/y"}}), wmi + "/root/y/X");
    EXPECT_EQ(name("nonsense"), wmi + "/root/cimv2/");
}

}  // namespace
}  // namespace mullion::service::testing
