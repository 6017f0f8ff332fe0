#include <gtest/gtest.h>

#include <cmath>

#include "inventory/python_scalars.h"
#include "inventory/readers.h"
#include "inventory/value_text.h"

namespace mullion::inventory {
namespace {

// A value in one line, with its types visible.
std::string shown(const Value& value) {
    if (std::holds_alternative<std::monostate>(value.data)) return "None";
    if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "True" : "False";
    if (const auto* whole = std::get_if<std::int64_t>(&value.data)) return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&value.data)) return float_text(*number);
    if (const auto* text = std::get_if<std::string>(&value.data)) return "'" + *text + "'";
    std::string result;
    if (const auto* list = std::get_if<List>(&value.data)) {
        for (const auto& item : *list) result += (result.empty() ? "" : ",") + shown(item);
        return "[" + result + "]";
    }
    for (const auto& [key, item] : std::get<Map>(value.data))
        result += (result.empty() ? "" : ",") + key + ":" + shown(item);
    return "{" + result + "}";
}

std::string read(std::string_view text) {
    return shown(python_literal(text));
}

TEST(PythonLiteral, ReadsNumbers) {
    for (const auto& [text, value] : std::vector<std::pair<std::string_view, std::string>>{
             {"5986", "5986"},
             {"-5", "-5"},
             {"+7", "7"},
             {"- 5", "-5"},
             {"0x1F", "31"},
             {"0b101", "5"},
             {"0o17", "15"},
             {"1_000", "1000"},
             {"0x_ff", "255"},
             {"00", "0"},
             {"1.5", "1.5"},
             {".5", "0.5"},
             {"5.", "5.0"},
             {"1e3", "1000.0"},
             {"1E+3", "1000.0"},
             {"09.5", "9.5"},
             {"1_0.2_5", "10.25"},
             {"1e16", "1e+16"},
             {"0.0001", "0.0001"},
             {"0.00001", "1e-05"},
             {"1e999", "inf"},
             {"-1e999", "-inf"},
             {"1e-999", "0.0"},
             {"(5)", "5"},
             {"-(5)", "-5"},
             {"9223372036854775807", "9223372036854775807"},
             {"-9223372036854775808", "-9223372036854775808"},
             {"  5  # comment", "5"}})
        EXPECT_EQ(read(text), value) << text;
}

TEST(PythonLiteral, ReadsWordsStringsAndCollections) {
    for (const auto& [text, value] : std::vector<std::pair<std::string_view, std::string>>{
             {"True", "True"},
             {"False", "False"},
             {"None", "None"},
             {"'a b'", "'a b'"},
             {"\"it's\"", "'it's'"},
             {"'a' \"b\"", "'ab'"},
             {"r'\\d'", "'\\d'"},
             {"'\\d'", "'\\d'"},
             {"'\\x41\\u00e9\\n\\101'", "'A\xc3\xa9\nA'"},
             {"b'x\\x41'", "'xA'"},
             {"u'x'", "'x'"},
             {"'''a'b'''", "'a'b'"},
             {"[1, 'a', [True]]", "[1,'a',[True]]"},
             {"[]", "[]"},
             {"[1,]", "[1]"},
             {"()", "[]"},
             {"(1,)", "[1]"},
             {"(1)", "1"},
             {"1,2", "[1,2]"},
             {"{}", "{}"},
             {"{'a': 1, 2: 'x', None: {}}", "{a:1,2:'x',null:{}}"},
             {"{'a': 1, 'b': 2, 'a': 3}", "{a:3,b:2}"},
             {"{'a': -1,}", "{a:-1}"},
             {"[1, # comment", "'[1, # comment'"}})
        EXPECT_EQ(read(text), value) << text;
}

TEST(PythonLiteral, LeavesEverythingElseAsItIs) {
    for (const auto* text : {"",
                             "abc",
                             "yes",
                             "true",
                             "null",
                             "007",
                             "1a",
                             "1_",
                             "1__0",
                             "1..2",
                             "0x",
                             "1 2",
                             "--1",
                             "-True",
                             "1+2",
                             "2j",
                             "'a",
                             "a'b'",
                             "f'a'",
                             "'a' b'b'",
                             "'\\N{DASH}'",
                             "'\\ud800'",
                             "'\\xg'",
                             "[1",
                             "[1 2]",
                             "[,]",
                             "(,)",
                             ",",
                             "{1, 2}",
                             "{'a'}",
                             "{[1]: 2}",
                             "{'a': }",
                             "...",
                             "*[1]",
                             "not True",
                             "None5",
                             "99999999999999999999",
                             "10.0.0.1",
                             "p@ss,word",
                             "C:\\Temp",
                             "b'\\xff'",
                             "b'\xc3\xa9'"})
        EXPECT_EQ(read(text), "'" + std::string(text) + "'") << text;
}

TEST(PythonLiteral, KeepsDeepTextAsText) {
    for (const std::size_t depth : {199, 201, 100'000}) {
        const auto text = std::string(depth, '[') + std::string(depth, ']');
        EXPECT_EQ(std::holds_alternative<std::string>(python_literal(text).data), depth > 200) << depth;
    }
}

TEST(PythonLiteral, EveryTruncationIsAnotherValueOrText) {
    const std::string_view whole = "{'a': [1, 2.5, -0x1f], \"b\": (True, None, r'x', '\\u00e9'), 'c': {}}";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto text = whole.substr(0, length);
        EXPECT_EQ(read(text), "'" + std::string(text) + "'");
    }
}

// A variable of the command line may hold any bytes; two keys that differ must not become one.
TEST(ValueText, LosesNoByteThatIsNoUtf8) {
    const std::string_view text = "{'a\x9e': ['\xe2\x82'], 'a\xff': '\x7f\xc2\xa0\xed\xa0\x80'}";
    const auto written = value_text(python_literal(text));
    EXPECT_EQ(written, "{'a\x9e': ['\xe2\x82'], 'a\xff': '\\x7f\\xa0\xed\xa0\x80'}");
    EXPECT_EQ(value_text(python_literal(written)), written);
}

TEST(FloatText, IsPythons) {
    for (const auto& [number, text] :
         std::vector<std::pair<double, std::string>>{{0, "0.0"},
                                                     {-0.0, "-0.0"},
                                                     {0.1, "0.1"},
                                                     {1e15, "1000000000000000.0"},
                                                     {1e16, "1e+16"},
                                                     {123456789.125, "123456789.125"},
                                                     {1e-7, "1e-07"},
                                                     {1.5e300, "1.5e+300"},
                                                     {1e22, "1e+22"},
                                                     {std::nan(""), "nan"}})
        EXPECT_EQ(float_text(number), text);
}

}  // namespace
}  // namespace mullion::inventory
