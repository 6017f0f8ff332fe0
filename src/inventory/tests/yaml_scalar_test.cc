// The expectations are what PyYAML 6.0 gives for each text.
#include <gtest/gtest.h>

#include <cmath>

#include "inventory/python_scalars.h"
#include "inventory/readers.h"

namespace mullion::inventory {
namespace {

std::string shown(std::string_view text) {
    const Value value = yaml_scalar(text);
    if (std::holds_alternative<std::monostate>(value.data)) return "null";
    if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return "int " + std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value.data)) return "float " + float_text(*real);
    return std::get<std::string>(value.data);
}

TEST(YamlScalar, IsNull) {
    for (const char* text : {"", "~", "null", "Null", "NULL"}) EXPECT_EQ(shown(text), "null") << text;
    for (const char* text : {"nULL", "None", "nil"}) EXPECT_EQ(shown(text), text);
}

TEST(YamlScalar, IsABoolean) {
    for (const char* text : {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
        EXPECT_EQ(shown(text), "true") << text;
    for (const char* text : {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
        EXPECT_EQ(shown(text), "false") << text;
    for (const char* text : {"y", "n", "Y", "N", "tRUE", "yEs", "yess"}) EXPECT_EQ(shown(text), text);
}

TEST(YamlScalar, IsANumber) {
    const std::pair<const char*, const char*> all[] = {
        {"0", "int 0"},
        {"-0", "int 0"},
        {"12", "int 12"},
        {"+12", "int 12"},
        {"-12", "int -12"},
        {"1_000", "int 1000"},
        {"0777", "int 511"},
        {"-010", "int -8"},
        {"0_", "int 0"},
        {"1_", "int 1"},
        {"0x1F", "int 31"},
        {"0x_f", "int 15"},
        {"-0xff", "int -255"},
        {"0b101", "int 5"},
        {"+0b1_1", "int 3"},
        {"1:30", "int 90"},
        {"-1:30", "int -90"},
        {"52:54:00", "int 190440"},
        {"190:20:30", "int 685230"},
        {"1:2:3:4:5:6", "int 804182706"},
        {"22:5", "int 1325"},
        {"9223372036854775807", "int 9223372036854775807"},
        {"-9223372036854775808", "int -9223372036854775808"},
    };
    for (const auto& [text, expected] : all) EXPECT_EQ(shown(text), expected) << text;
}

TEST(YamlScalar, IsAFloat) {
    const std::pair<const char*, const char*> all[] = {
        {"1.5", "float 1.5"},
        {"1.", "float 1.0"},
        {".5", "float 0.5"},
        {"-1.5", "float -1.5"},
        {"+1.5", "float 1.5"},
        {"1.0e+3", "float 1000.0"},
        {"1.E-2", "float 0.01"},
        {"6.02e+23", "float 6.02e+23"},
        {"1_0.5_0", "float 10.5"},
        {".inf", "float inf"},
        {"-.INF", "float -inf"},
        {"+.Inf", "float inf"},
        {".nan", "float nan"},
        {".NaN", "float nan"},
        {"190:20:30.15", "float 685230.15"},
        {"0:30.5", "float 30.5"},
        {"1.0e+999", "float inf"},
        {"1.0e-999", "float 0.0"},
        {"685_230.15", "float 685230.15"},
        {"-1:30.", "float -90.0"},
    };
    for (const auto& [text, expected] : all) EXPECT_EQ(shown(text), expected) << text;
}

TEST(YamlScalar, IsATimestamp) {
    const std::pair<const char*, const char*> all[] = {
        {"2024-05-01", "2024-05-01"},
        {"2024-5-1 9:30:00", "2024-05-01T09:30:00"},
        {"2024-05-01T09:30:00Z", "2024-05-01T09:30:00+00:00"},
        {"2024-05-01t09:30:00.1234567Z", "2024-05-01T09:30:00.123456+00:00"},
        {"2024-05-01 09:30:00.5 +2", "2024-05-01T09:30:00.500000+02:00"},
        {"2024-05-01 09:30:00.0 -05:30", "2024-05-01T09:30:00-05:30"},
        {"2024-05-01 09:30:00.", "2024-05-01T09:30:00"},
    };
    for (const auto& [text, expected] : all) EXPECT_EQ(shown(text), expected) << text;
}

TEST(YamlScalar, IsOtherwiseText) {
    for (const char* text : {"web01",
                             "10.0.0.1",
                             "1e3",
                             "1.5e3",
                             "0o17",
                             "08",
                             "09.5.1",
                             "1.2.3",
                             "-.5",
                             "+.5",
                             "-",
                             "+",
                             ".",
                             "..",
                             "-.nan",
                             "0b2",
                             "0xg",
                             "0b",
                             "0x",
                             "1:60",
                             "0:30",
                             "01:30",
                             "1:2:",
                             ":1",
                             "1::2",
                             "12:345",
                             "2024-5-1",
                             "2024-13-01",
                             "2024-02-30",
                             "2024-05-01 25:00:00",
                             "2024-05-01T09:30",
                             "0000-01-01",
                             "_1",
                             "=",
                             "<<",
                             "12abc",
                             "1.5x",
                             "fe80::1",
                             "C:\\x",
                             "99999999999999999999",
                             "0xffffffffffffffffff",
                             "2001:db8::1",
                             "12:30 "})
        EXPECT_EQ(shown(text), text);
}

TEST(YamlScalar, EveryTruncationIsAValue) {
    const std::string_view time = "2024-05-01 09:30:00.5 +02:00", real = "190:20:30.15", number = "-0x1F";
    for (std::size_t size = 0; size < time.size(); ++size) {
        const auto cut = time.substr(0, size);
        const std::string read = shown(cut);
        EXPECT_TRUE(read == cut || read == "null" || read.starts_with("int ") ||
                    read.starts_with("2024-05-01"))
            << read;
    }
    const char* reals[] = {
        "null",      "int 1",   "int 19",     "int 190",    "190:",           "int 11402",
        "int 11420", "190:20:", "int 685203", "int 685230", "float 685230.0", "float 685230.1"};
    for (std::size_t size = 0; size < real.size(); ++size)
        EXPECT_EQ(shown(real.substr(0, size)), reals[size]);
    const char* numbers[] = {"null", "-", "int 0", "-0x", "int -1"};
    for (std::size_t size = 0; size < number.size(); ++size)
        EXPECT_EQ(shown(number.substr(0, size)), numbers[size]);
}

}  // namespace
}  // namespace mullion::inventory
