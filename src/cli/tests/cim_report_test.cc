// Tables, lists and objects of `mullion cim`, and what is said of its failures.
#include "cli/cim_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/cim_advice.h"
#include "cli/cim_table.h"

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
        Json::parse(cim_host_object("web01", outcome, true, {})),
        Json::parse(
            R"({"host":"web01","status":"ok","row_count":2,"complete":true,"duration_ms":5,"error":null})"));
    const std::string rows = R"({"A":"1"},{"A":"2"})";
    auto object = Json::parse(cim_host_object("web01", outcome, true, {&rows, true}));
    EXPECT_EQ(object["rows"][1]["A"], "2");
    EXPECT_EQ(object["truncated"], true);
    outcome.method.emplace();
    outcome.method->return_value = text("10");
    outcome.method->outputs.set("Id", text("7"));
    object = Json::parse(cim_host_object("web01", outcome, false, {}));
    EXPECT_EQ(object["return_value"], "10");
    EXPECT_EQ(object["outputs"]["Id"], "7");
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
