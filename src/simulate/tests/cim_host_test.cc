// What a simulated host answers about CIM, message by message.
#include "simulate/tests/host_fixture.h"
#include "wsman/cim/batch_stream.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"

namespace mullion::simulate::testing {
namespace {

using Cim = HostFixture;
constexpr std::string_view service_class =
    "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";
constexpr std::string_view every_class = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*";
const std::string services = R"(
cim:
  - class: Win32_Service
    properties: {Name: string key, State: string, ProcessId: uint32, SystemName: string}
    generate: {count: 5, row: {Name: "s{n}", State: Running, ProcessId: "{n}", SystemName: "{host}"}}
    methods: {StopService: {returns: 5}}
)";

struct Names {
    std::vector<std::string> all;
    std::string context;
    bool end = false;
};

Names names_of(const channel::Outgoing& answer, std::string_view action) {
    Names names;
    auto stream = wsman::cim::BatchStream::of(answer.body, action, wsman::wire_limits(answer.body.size()));
    EXPECT_TRUE(stream.ok()) << answer.body;
    if (!stream) return names;
    wsman::cim::PropertyView property;
    while (stream->next_item().value())
        while (stream->next(property).value())
            if (property.name == "Name") names.all.emplace_back(property.text);
    names.context = stream->context();
    names.end = stream->end();
    return names;
}

wsman::Enumerate batches_of(std::uint32_t most) {
    wsman::Enumerate what;
    what.max_elements = most;
    return what;
}

TEST_F(Cim, IsEnumeratedInBatchesWithAFaultInALaterPull) {
    use(services + "faults: [{step: pull, nth: 2, do: fault, code: 0x80338000}]\n");
    const auto first = names_of(say(wsman::write_enumerate(request, id(), service_class, {}, batches_of(2))),
                                wsman::action::enumerate);
    EXPECT_EQ(first.all, (std::vector<std::string>{"s1", "s2"}));
    EXPECT_FALSE(first.end);
    const auto pull = [&](const std::string& context) {
        return say(wsman::write_pull(request, id(), service_class, {context, 2}));
    };
    const auto second = names_of(pull(first.context), wsman::action::pull);
    EXPECT_EQ(second.all, (std::vector<std::string>{"s3", "s4"}));
    EXPECT_EQ(code_of(pull(second.context)), 0x80338000U);
    const auto third = names_of(pull(second.context), wsman::action::pull);
    EXPECT_EQ(third.all, std::vector<std::string>{"s5"});
    EXPECT_TRUE(third.end);
}

TEST_F(Cim, ChoosesRowsByWql) {
    use(services);
    auto what = batches_of(100);
    what.has_filter = true;
    what.filter_dialect = wsman::dialect::wql;
    what.filter_xml = "select Name from Win32_Service where ProcessId &gt; 3 and SystemName = 'web01'";
    const auto found =
        names_of(say(wsman::write_enumerate(request, id(), every_class, {}, what)), wsman::action::enumerate);
    EXPECT_EQ(found.all, (std::vector<std::string>{"s4", "s5"}));
    EXPECT_TRUE(found.end);
    what.filter_xml = "select * from Win32_Servise";
    EXPECT_NE(say(wsman::write_enumerate(request, id(), every_class, {}, what)).status, 200);
}

TEST_F(Cim, IsGotByKeysAndCalled) {
    use(services);
    const auto act = [&](std::string_view action, std::string name, auto body) {
        return say(wsman::write_request(
            request, {action, service_class, id(), {{"Name", std::move(name)}}, {}}, body));
    };
    const auto nothing = [](xml::Writer&) {};
    EXPECT_NE(act(wsman::action::get, "S3", nothing).body.find("<p:ProcessId>3</p:ProcessId>"),
              std::string::npos);
    EXPECT_NE(act(wsman::action::get, "s9", nothing).status, 200);
    const auto stop = [](xml::Writer& out) {
        out.open("p:StopService_INPUT").declare("p", service_class).close();
    };
    const auto method = std::string(service_class) + "/StopService";
    EXPECT_NE(act(method, "s3", stop).body.find(">5<"), std::string::npos);
    EXPECT_NE(act(method, "s9", stop).status, 200);
}

// zenoss/txwinrm's recordings: what an array that is null has none of, and times in fragments without a
// namespace.
TEST_F(Cim, IsWrittenAsWindowsDoes) {
    const std::string classes = R"(
cim:
  - class: Win32_OperatingSystem
    properties: {Name: string key, LastBootUpTime: datetime, Languages: "string[]", Caption: string}
    rows: [{Name: "<cim:Datetime>", LastBootUpTime: "2026-01-02T03:04:05Z"}]
)";
    auto what = batches_of(100);
    what.has_filter = true;
    what.filter_dialect = wsman::dialect::wql;
    const auto of_query = [&](const std::string& columns) {
        what.filter_xml = "select " + columns + " from Win32_OperatingSystem";
        return say(wsman::write_enumerate(request, id(), every_class, {}, what)).body;
    };
    const auto has = [](const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    };
    use(classes);
    EXPECT_TRUE(has(of_query("*"), "<p:Languages xsi:nil=\"true\"/>"));
    EXPECT_TRUE(has(of_query("Name, LastBootUpTime"), "<cim:Datetime>2026"));
    use(classes + "cim_form: windows\n");
    const auto whole = of_query("*");
    EXPECT_FALSE(has(whole, "Languages")) << whole;
    EXPECT_TRUE(has(whole, "<p:Caption xsi:nil=\"true\"/>")) << whole;
    EXPECT_TRUE(has(whole, "<p:LastBootUpTime><cim:Datetime>2026")) << whole;
    const auto columns = of_query("Name, LastBootUpTime, Languages, Caption");
    EXPECT_TRUE(has(columns, "<LastBootUpTime><Datetime>2026-01-02T03:04:05Z</Datetime></LastBootUpTime>"))
        << columns;
    EXPECT_TRUE(has(columns, "<Name>&lt;cim:Datetime")) << columns;
    EXPECT_TRUE(has(columns, "<Caption xsi:nil=\"true\"/>")) << columns;
    EXPECT_FALSE(has(columns, "Languages") || has(columns, "xmlns:cim")) << columns;
}

// An answer is made whole, so what is open of it counts against what an account may leave open.
TEST_F(Cim, WhatIsOpenCountsForWhatItHolds) {
    const std::string text(2000, 'x');
    use("cim: [{class: Win32_Service, properties: {Name: string key, Text: string},"
        " generate: {count: 20000, row: {Name: \"{n}\", Text: " +
        text + "}}}]\n");
    const auto begin = [&] {
        return say(wsman::write_enumerate(request, id(), service_class, {}, batches_of(2)));
    };
    const auto first = names_of(begin(), wsman::action::enumerate);
    ASSERT_FALSE(first.end);
    EXPECT_EQ(begin().status, 200) << "40 MiB of 64";
    EXPECT_EQ(code_of(begin()), wsman::code::quota_user);
    EXPECT_EQ(say(wsman::write_release(request, id(), service_class, first.context)).status, 200);
    EXPECT_EQ(begin().status, 200);
}

// As WMI denies: WinRM's code outside, WMI's inside.
TEST_F(Cim, OfAClassThatRefusesIsNothingButTheFault) {
    use(services);
    const auto with = [](std::string_view code) {
        std::string text(services);
        return text.insert(text.find("    properties:"), "    refuses: " + std::string(code) + "\n");
    };
    for (const auto& [code, outside] : {std::pair("0x80041003", 5U), std::pair("0x80041004", 1359U)}) {
        use(with(code));
        const auto answer = say(wsman::write_enumerate(request, id(), service_class, {}, batches_of(2)));
        EXPECT_EQ(code_of(answer), outside);
        EXPECT_NE(answer.body.find("Code=\"" + std::to_string(std::stoul(code, nullptr, 16)) + "\""),
                  std::string::npos)
            << answer.body;
        EXPECT_EQ(answer.body.find("<s1"), std::string::npos);
    }
}

TEST_F(Cim, IsNotThereWithoutTables) {
    use("");
    EXPECT_NE(say(wsman::write_enumerate(request, id(), service_class, {}, {})).status, 200);
}

}  // namespace
}  // namespace mullion::simulate::testing
