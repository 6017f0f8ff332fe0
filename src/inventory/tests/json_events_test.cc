#include "inventory/json_events.h"

#include <gtest/gtest.h>

#include "inventory/readers.h"
#include "inventory/tests/show.h"

namespace mullion::inventory {
namespace {

std::string variables(std::string_view text) {
    Model model;
    const auto read = read_variables(model, model.add_file("all.json"), text);
    return (read.ok() ? show(*read) : Error(read.error()).detail) + show_notices(model);
}
bool is_json(std::string_view text) {
    return read_json(text, 32) != nullptr;
}

TEST(Json, IsReadAsPythonReadsIt) {
    EXPECT_EQ(variables(R"({"a": 1e3, "b": -0, "c": 1.5E-2, "d": [true, false, null], "e": {}, "f": []})"),
              "a=1000.0 b=0 c=0.015 d=[true, false, null] e={} f=[]");
    EXPECT_EQ(variables(R"({"a": "x\/y\"\\\b\f\n\r\t", "b": "\u00e4\ud83d\ude00", "c": "\ud83dx"})"),
              "a='x/y\"\\\b\f\n\r\t' b='ä😀' c='\xEF\xBF\xBDx'");
    EXPECT_EQ(variables(R"({"a": "yes", "b": "1", "c": ""})"), "a='yes' b='1' c=''");
    EXPECT_EQ(variables(R"({"a": NaN, "b": Infinity, "c": -Infinity, "d": 1e999, "e": -1e999, "f": 1e-999})"),
              "a=nan b=inf c=-inf d=inf e=-inf f=0.0");
    EXPECT_EQ(variables(R"({"a": 0.1, "b": 123456789012345678, "c": 99999999999999999999, "d": 2.5e-8})"),
              "a=0.1 b=123456789012345678 c='99999999999999999999' d=2.5e-08");
}

TEST(Json, KnowsAnsiblesObjects) {
    EXPECT_EQ(variables(R"({"a": {"__ansible_vault": "$A\n1"}, "b": {"__ansible_unsafe": "{{ x }}"}})"),
              "a=vault($A\n1) b=literal '{{ x }}'");
    EXPECT_EQ(variables(R"({"a": {"__ansible_vault": 1}, "b": {"__ansible_vault": "x", "y": 1}})"),
              "a={__ansible_vault: 1} b={__ansible_vault: 'x', y: 1}");
}

TEST(Json, TheLastOfAKeyGivenTwiceWins) {
    EXPECT_EQ(variables("{\"a\": 1,\n\"a\": 2, \"<<\": 3}"),
              "a=2 <<=3all.json:2: a is given twice; the last one is used\n");
}

TEST(Json, KeepsLines) {
    Model model;
    const auto read =
        read_variables(model, model.add_file("all.json"), "{\n\t\"a\": 1,\n\n\t\"b\": [\n2]}\n");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ((*read)[0].value.place.line, 2U);
    EXPECT_EQ(std::get<List>((*read)[1].value.data)[0].place.line, 5U);
}

TEST(Json, WhatIsNoneIsYaml) {
    for (const char* text : {"",
                             "a: 1",
                             "{a: 1}",
                             "{'a': 1}",
                             "{\"a\": 01}",
                             "{\"a\": 1.}",
                             "{\"a\": .5}",
                             "{\"a\": +1}",
                             "{\"a\": 1,}",
                             "[1,]",
                             "[1 2]",
                             "{\"a\" 1}",
                             "{\"a\": }",
                             "{\"a\": 1} x",
                             "{\"a\": \"\t\"}",
                             "{\"a\": \"\\x41\"}",
                             "{\"a\": \"\\u12\"}",
                             "\"a\"",
                             "1",
                             "{1: 2}",
                             "{,}",
                             "[,]",
                             "]",
                             "{\"a\": nul}",
                             "{\"a\": \"\xFF\"}"})
        EXPECT_FALSE(is_json(text)) << text;
    EXPECT_EQ(variables("{a: 1e3}"), "a='1e3'");
    EXPECT_FALSE(is_json(std::string(40, '[') + std::string(40, ']')));
    EXPECT_TRUE(is_json(std::string(30, '[') + std::string(30, ']')));
}

TEST(Json, RefusesEveryTruncation) {
    const std::string text =
        R"({"a": [1, -2.5e3, "x\u00e4\n", true, null, {}], "b": {"__ansible_vault": "y"}})";
    ASSERT_TRUE(is_json(text));
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(is_json(text.substr(0, size))) << size;
}

}  // namespace
}  // namespace mullion::inventory
