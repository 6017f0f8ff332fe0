// Tables, lists and objects of `mullion cim`, and what is said of its failures.
#include "cli/cim_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/cim_advice.h"
#include "cli/cim_return_words.h"
#include "cli/cim_table.h"
#include "cli/json_text.h"
#include "cli/printable.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::json;
using wsman::cim::Instance;
using wsman::cim::Value;

Value text(std::string_view word) {
    return Value(wsman::cim::Scalar(word));
}

Instance row(const std::string& name, const std::string& state) {
    Instance instance;
    return instance.set("Name", text(name)).set("State", state.empty() ? Value() : text(state));
}

std::string words_of(std::string_view class_name, std::string_view method, std::string_view returned,
                     std::string_view space = client::default_cim_namespace) {
    wsman::cim::MethodResult result;
    result.return_value = text(returned);
    const client::CimInvoke asked{client::cim_class(class_name, space), std::string(method)};
    return std::string(cim_return_words(asked, result).value_or("?"));
}

TEST(CimReturnWords, AreThoseOfTheClass) {
    EXPECT_EQ(words_of("Win32_Service", "StartService", "0"), "Success");
    EXPECT_EQ(words_of("win32_service", "stopservice", "5"), "Service Cannot Accept Control");
    EXPECT_EQ(words_of("Win32_Service", "ChangeStartMode", "24"), "Service Already Paused");
    EXPECT_EQ(words_of("Win32_Process", "Create", "9"), "Path Not Found");
    EXPECT_EQ(words_of("Win32_Process", "Terminate", "21"), "Invalid Parameter");
    EXPECT_EQ(words_of("CIM_DataFile", "Delete", "15"), "Sharing Violation");
    EXPECT_EQ(words_of("Win32_Share", "Create", "22"), "Duplicate Share");
    EXPECT_EQ(words_of("Win32_NetworkAdapterConfiguration", "EnableDHCP", "1"),
              "Successful completion, reboot required");
}

TEST(CimReturnWords, NoneAreMadeUp) {
    EXPECT_EQ(words_of("Win32_Service", "StartService", "25"), "?");
    EXPECT_EQ(words_of("Win32_Service", "StartService", "ten"), "?");
    EXPECT_EQ(words_of("Win32_Process", "Create", "1"), "?");
    EXPECT_EQ(words_of("Win32_Share", "GetAccessMask", "2"), "?") << "a mask";
    EXPECT_EQ(words_of("Win32_OperatingSystem", "Reboot", "5"), "?");
    EXPECT_EQ(words_of("Win32_Service", "StartService", "5", "root/vendor"), "?");
}

// As nlohmann's serialiser and escaped_json() have them.
TEST(JsonText, IsWhatTheOtherWayWrites) {
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    for (const std::string& sample :
         {std::string(), std::string("plain"), std::string("a\"b\\c/d\b\f\n\r\t\x01\x1f\x7f"),
          std::string("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
          std::string("\xc2\x9b\xd8\x9c\xe2\x80\xae\xe2\x81\xa9\xe2\x80\xa8"),
          std::string("\xff|\xc3|\xe2\x82|\xed\xa0\x80|"), all}) {
        std::string written;
        append_json_text(written, sample);
        const auto valid = encoding::to_valid_utf8(sample);
        EXPECT_EQ(written, escaped_json(Json(valid).dump()));
        EXPECT_EQ(Json::parse(written), valid);
    }
}

TEST(CimRow, HasItsClassOnce) {
    Instance one{"A", "", "", {}};
    EXPECT_EQ(cim_row_json(one, {}), R"({"__CLASS":"A"})");
    EXPECT_EQ(cim_row_json(one, {"__CLASS"}), R"({"__CLASS":"A"})");
    EXPECT_EQ(cim_row_json(one.set("__CLASS", text("B")), {}), R"({"__CLASS":"B"})");
    EXPECT_EQ(cim_row_json(Instance(), {}), "{}");
    EXPECT_EQ(cim_row_json(Instance(), {"a", "b"}), R"({"a":null,"b":null})");
}

TEST(CimTable, FitsTheFirstRowsAndKeepsItsWidths) {
    CimTable table({"name", "State"}, true);
    EXPECT_EQ(table.add("web01", row("spooler", "Running")), "");
    EXPECT_EQ(table.add("web01", row("w", "")), "");
    EXPECT_EQ(table.flush(),
              "host   name     State\n"
              "web01  spooler  Running\n"
              "web01  w\n");
    EXPECT_EQ(table.flush(), "");
    EXPECT_EQ(table.add("web02", row("longer-than-that", "x")), "web02  longer-than-that  x\n");
    EXPECT_EQ(table.add("web02", row("w", "x")), "web02  w        x\n");
}

TEST(CimTable, HoldsNoMoreThanTheFirstRows) {
    CimTable table({"Name"}, false);
    std::string written;
    for (int i = 0; i < 200; ++i) written += table.add("a", row("x", ""));
    EXPECT_TRUE(written.starts_with("Name\nx\n"));
    EXPECT_EQ(table.add("a", row("y", "")), "y\n");
}

TEST(CimTable, CellsAreOneLineThatSteersNothing) {
    Instance one;
    one.set("Name", text("a\x1b[2J\nb"))
        .set("State", std::vector<Value>{text("10.0.0.1"), Value(), text("::1")});
    CimTable table({"Name", "State", "Missing"}, false);
    (void)table.add("a", one);
    const auto written = table.flush();
    EXPECT_EQ(written.find('\x1b'), std::string::npos);
    EXPECT_NE(written.find("10.0.0.1, null, ::1"), std::string::npos);
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 2);
    EXPECT_EQ(cim_lines(row("", "")), "Name =\nState = null\n");
}

TEST(CimObjects, OfARow) {
    auto one = row("spooler", "");
    one.class_name = "Win32_Service";
    one.set("Words", std::vector<Value>{text("a"), Value()});
    one.set("Since", text("20260101120000.000000+000"));
    Instance inner;
    inner.class_name = "Inner";
    one.set("Part", Value(inner.set("X", text("1"))));
    EXPECT_EQ(Json::parse(cim_row_object("web01", one, {"name", "Gone"})),
              Json::parse(R"({"host":"web01","row":{
        "__CLASS":"Win32_Service","Name":"spooler","State":null,"Words":["a",null],"Since":"2026-01-01T12:00:00Z",
        "Part":{"__CLASS":"Inner","X":"1"},"Gone":null}})"));
}

TEST(CimObjects, OfAHost) {
    client::CimOutcome outcome;
    outcome.status = Status::ok;
    outcome.rows = 2;
    outcome.complete = true;
    outcome.duration = Duration(5);
    EXPECT_EQ(
        Json::parse(cim_host_object("web01", client::cim_query("SELECT * FROM A"), outcome, {})),
        Json::parse(
            R"({"host":"web01","status":"ok","row_count":2,"complete":true,"duration_ms":5,"error":null})"));
    const std::string rows = R"({"A":"1"},{"A":"2"})";
    auto object =
        Json::parse(cim_host_object("web01", client::cim_query("SELECT * FROM A"), outcome, {&rows, true}));
    EXPECT_EQ(object["rows"][1]["A"], "2");
    EXPECT_EQ(object["truncated"], true);
    outcome.method.emplace();
    outcome.method->return_value = text("10");
    outcome.method->outputs.set("Id", text("7"));
    const client::CimInvoke start{client::cim_class("Win32_Service"), "StartService"};
    object = Json::parse(cim_host_object("web01", start, outcome, {}));
    EXPECT_EQ(object["return_value"], "10");
    EXPECT_EQ(object["return_text"], "Service Already Running");
    EXPECT_EQ(object["outputs"], Json({{"Id", "7"}}));
    outcome.method->return_value = text("4242");
    object = Json::parse(cim_host_object("web01", start, outcome, {}));
    EXPECT_EQ(object["return_text"], nullptr);
    EXPECT_FALSE(object.contains("row_count"));
}

TEST(CimAdvice, SaysWmisCodeInWordsAndWhatToDo) {
    client::CimOutcome outcome;
    outcome.error = Error(ErrorId::wsman_fault, "the host's words");
    outcome.fault = wsman::make_fault(0x8033801A);
    outcome.fault->provider_code = 0x80041010;
    explain(outcome);
    EXPECT_NE(outcome.error->detail.find("0x80041010: Invalid class."), std::string::npos);
    EXPECT_NE(outcome.error->advice.front().find("--namespace"), std::string::npos);

    outcome.error = Error(ErrorId::wsman_fault, "");
    outcome.fault = wsman::make_fault(0x8033801A);
    outcome.fault->wmi_status = 3;  // CIM_ERR_INVALID_NAMESPACE
    explain(outcome);
    EXPECT_NE(outcome.error->advice.front().find("__NAMESPACE"), std::string::npos);

    outcome.error = Error(ErrorId::wsman_fault, "");
    outcome.fault = wsman::make_fault(wsman::code::unexpected_selectors);
    explain(outcome);
    EXPECT_NE(outcome.error->advice.front().find("none of these keys"), std::string::npos);

    outcome.error = Error(ErrorId::net_refused, "");
    outcome.fault.reset();
    explain(outcome);
    EXPECT_TRUE(outcome.error->advice.empty());
}

}  // namespace
}  // namespace mullion::cli
