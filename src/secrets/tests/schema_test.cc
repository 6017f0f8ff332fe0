// The schema for editors knows the keys that the reader knows, and no others.
#include "secrets/yaml/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "secrets/tests/sample_entities.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

using Json = nlohmann::ordered_json;

bool is_of(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
}

// As much of JSON Schema as the schema is written in; empty, or where it does not fit.
std::string misfit(const Json& schema, const Json& value, const Json& whole, const std::string& at = "") {
    if (schema.contains("$ref")) {
        const auto name = schema["$ref"].get<std::string>().substr(8);  // "#/$defs/"
        return misfit(whole["$defs"].at(name), value, whole, at);
    }
    if (schema.contains("const") && schema["const"] != value) return at + " is another constant";
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
        return at + " is none of the words";
    if (schema.contains("type")) {
        const auto types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
        if (std::none_of(types.begin(), types.end(), [&](const Json& type) { return is_of(value, type); }))
            return at + " is of another type";
    }
    if (schema.contains("minimum") && value.is_number() &&
        (value < schema["minimum"] || value > schema["maximum"]))
        return at + " is out of range";
    if (schema.contains("oneOf")) {
        int fits = 0;
        std::string why;
        for (const auto& one : schema["oneOf"]) {
            const auto misfits = misfit(one, value, whole, at);
            fits += misfits.empty() ? 1 : 0;
            why += "(" + misfits + ")";
        }
        if (fits != 1) return at + " fits " + std::to_string(fits) + " of oneOf " + why;
    }
    if (value.is_array() && schema.contains("items"))
        for (const auto& item : value)
            if (auto why = misfit(schema["items"], item, whole, at + "[]"); !why.empty()) return why;
    if (!value.is_object() || !schema.contains("properties")) return {};
    for (const auto& needed : schema.value("required", Json::array()))
        if (!value.contains(needed.get<std::string>())) return at + " lacks " + needed.get<std::string>();
    for (const auto& [key, inner] : value.items()) {
        if (!schema["properties"].contains(key)) return at + "." + key + " is no key";
        if (auto why = misfit(schema["properties"][key], inner, whole, at + "." + key); !why.empty())
            return why;
    }
    return {};
}

std::string misfit(const Json& form) {
    static const auto schema = forms_schema();
    return misfit(schema, form, schema);
}

TEST(FormsSchema, TakesWhatIsWritten) {
    for (const auto& entity : sample_entities()) EXPECT_EQ(misfit(form_of(entity)), "") << form_of(entity);
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        const auto form = form_of(random_entity(seed));
        EXPECT_EQ(misfit(form), "") << form;
    }
}

TEST(FormsSchema, RefusesWhatTheReaderRefuses) {
    for (const auto& entity : sample_entities()) {
        auto form = form_of(entity);
        form.begin().value()["spec"]["useSsl"] = true;
        EXPECT_NE(misfit(form), "") << form;
        form = form_of(entity);
        form.begin().value()["type"] = "SSHKey";
        EXPECT_NE(misfit(form), "") << form;
    }
    EXPECT_NE(misfit(Json{{"secret", {{"name", "a"}}}}), "");
    EXPECT_NE(misfit(Json::parse(R"({"secret":{"type":"WinRmCredentials","name":"a","spec":{"port":70000,
        "auth":{"type":"NTLM","spec":{"username":"u","password":"p"}}}}})")),
              "");
}

// Each key of the table is put where it belongs: it is not one that the reader does not know.
void try_keys(const std::string& map, Json form, const Json::json_pointer& place,
              std::set<std::string>& tried) {
    const auto schema = forms_schema();
    for (const auto& [key, value] : schema["$defs"].at(map)["properties"].items()) {
        auto with = form;
        with[place][key] = Json::object({{"no-such-key-in-any-map", 1}});
        const auto read = entity_of(node_of(with), {});
        const auto said = read.ok() ? std::string() : read.error().detail;
        EXPECT_EQ(said.find(key + " is not a key of"), std::string::npos) << said;
    }
    auto with = form;
    with[place]["zzz"] = 1;
    const auto read = entity_of(node_of(with), {});
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().detail.find("zzz is not a key of"), std::string::npos)
        << map << ": " << read.error().detail;
    tried.insert(map);
}

TEST(FormsSchema, HasNoKeyThatTheReaderDoesNotKnow) {
    std::set<std::string> tried;
    const auto form = [](const char* text) { return Json::parse(text); };
    const auto at = [](const char* place) { return Json::json_pointer(place); };
    try_keys("SecretText", form(R"({"secret":{"type":"SecretText","name":"a","spec":{}}})"),
             at("/secret/spec"), tried);
    try_keys("SecretFile", form(R"({"secret":{"type":"SecretFile","name":"a","spec":{}}})"),
             at("/secret/spec"), tried);
    const auto ntlm = form(R"({"secret":{"type":"WinRmCredentials","name":"a","spec":{
        "parameters":[{}],"auth":{"type":"NTLM","spec":{}}}}})");
    try_keys("WinRmCredentials", ntlm, at("/secret/spec"), tried);
    try_keys("NTLM", ntlm, at("/secret/spec/auth/spec"), tried);
    try_keys("parameter", ntlm, at("/secret/spec/parameters/0"), tried);
    auto kerberos = ntlm;
    kerberos["secret"]["spec"]["auth"]["type"] = "Kerberos";
    try_keys("Kerberos", kerberos, at("/secret/spec/auth/spec"), tried);
    const auto kms = [&](const char* type) {
        auto made = form(R"({"connector":{"type":"AwsKms","name":"a","spec":{"credential":{"spec":{}}}}})");
        made["connector"]["spec"]["credential"]["type"] = type;
        return made;
    };
    try_keys("AwsKms", kms("ManualConfig"), at("/connector/spec"), tried);
    for (const auto* const type : {"ManualConfig", "AssumeIAMRole", "AssumeSTSRole", "OidcAuthentication"})
        try_keys(type, kms(type), at("/connector/spec/credential/spec"), tried);
    const auto pdc = form(R"({"connector":{"type":"Pdc","name":"a","spec":{"hosts":[{}]}}})");
    try_keys("Pdc", pdc, at("/connector/spec"), tried);
    try_keys("host", pdc, at("/connector/spec/hosts/0"), tried);
    tried.insert("ticket");  // Its keys are of one method or the other.
    const auto schema = forms_schema();
    for (const auto& [map, keys] : schema["$defs"].items()) EXPECT_TRUE(tried.contains(map)) << map;
}

}  // namespace
}  // namespace mullion::secrets
