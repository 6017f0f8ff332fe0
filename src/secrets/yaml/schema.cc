#include "secrets/yaml/schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace mullion::secrets {
namespace {

using Json = nlohmann::ordered_json;

enum class Is {
    text,
    identifier,
    reference,
    texts,
    pairs,
    yes_or_no,
    number,
    one_of,
    nothing,
    map,
    maps,
    choice
};

// A key of a map that has a name of its own in the schema. As in Harness's forms a key without a value counts
// as absent.
struct Key {
    std::string_view of;  // The map that it is in.
    std::string_view name;
    Is is;
    std::string_view help;
    // one_of: the words, with blanks between. map, maps: which. choice: of which `type` and `spec` these are.
    std::string_view more = {};
    bool needed = false;
    unsigned least = 0, most = 0;  // Of a number.
};

constexpr Key keys[] = {
    {"what all have", "name", Is::text, "What it is called.", {}, true},
    {"what all have", "identifier", Is::identifier,
     "Unique in its scope; never changes. Without one it is made of the name."},
    {"what all have", "orgIdentifier", Is::identifier, "The organisation; none: of the account."},
    {"what all have", "projectIdentifier", Is::identifier, "The project; none: of the organisation."},
    {"what all have", "description", Is::text, "What it is for."},
    {"what all have", "tags", Is::pairs, "Tags."},

    {"SecretText", "secretManagerIdentifier", Is::reference,
     "The manager whose key seals it; none: the default one of the nearest scope, or harnessSecretManager."},
    {"SecretText", "valueType", Is::one_of, "Managers here keep values themselves.", "Inline"},
    {"SecretText", "value", Is::nothing, "The value never stands in a file."},

    {"SecretFile", "secretManagerIdentifier", Is::reference, "As of a SecretText."},
    {"SecretFile", "fileName", Is::text, "What the file is called. Mullion's own."},

    {"WinRmCredentials", "port", Is::number, "None: 5986, and 5985 without SSL.", {}, false, 1, 65535},
    {"WinRmCredentials", "auth", Is::choice, "The way to log on.", "NTLM Kerberos", true},
    {"WinRmCredentials", "parameters", Is::maps, "Parameters of the shell.", "parameter"},
    {"parameter", "parameter", Is::text, "Its name.", {}, true},
    {"parameter", "value", Is::text, "Its value."},

    {"NTLM", "domain", Is::text, "None for an account of the host's own."},
    {"NTLM", "username", Is::text, "The account.", {}, true},
    {"NTLM", "password", Is::reference, "A text or file secret.", {}, true},
    {"NTLM", "useSSL", Is::yes_or_no, "HTTPS (default true)."},
    {"NTLM", "skipCertChecks", Is::yes_or_no, "Do not check the certificate (default false)."},
    {"NTLM", "useNoProfile", Is::yes_or_no, "Shells without the account's profile (default false)."},

    {"Kerberos", "principal", Is::text, "The account.", {}, true},
    {"Kerberos", "realm", Is::text, "The realm, in capitals.", {}, true},
    {"Kerberos", "kdcs", Is::texts, "KDCs to ask, HOST or HOST:PORT. Mullion's own."},
    {"Kerberos", "useSSL", Is::yes_or_no, "HTTPS (default true)."},
    {"Kerberos", "skipCertChecks", Is::yes_or_no, "Do not check the certificate (default false)."},
    {"Kerberos", "useNoProfile", Is::yes_or_no, "Shells without the account's profile (default false)."},
    {"Kerberos", "tgtGenerationMethod", Is::one_of, "None: the machine has a ticket already.",
     "KeyTabFilePath Password"},
    {"Kerberos", "spec", Is::map, "What the ticket is got with.", "ticket"},
    {"Kerberos", "reuseTicketWithinRun", Is::yes_or_no,
     "One ticket for a whole run (default false: one for each log-on). Mullion's own."},
    {"ticket", "keyPath", Is::text, "KeyTabFilePath: a keytab on the machine that uses it."},
    {"ticket", "keytab", Is::reference, "KeyTabFilePath: a file secret in its place. Mullion's own."},
    {"ticket", "password", Is::reference, "Password: a text or file secret."},

    {"AwsKms", "credential", Is::choice, "How AWS is asked.",
     "ManualConfig AssumeIAMRole AssumeSTSRole OidcAuthentication", true},
    {"AwsKms", "kmsArn", Is::reference, "The secret that is the key's ARN."},
    {"AwsKms", "kmsArnInPlainText", Is::text, "The key: an ARN, an alias or an id."},
    {"AwsKms", "region", Is::text, "Needed but for ManualConfig, which follows the ARN."},
    {"AwsKms", "endpoint", Is::text, "Of KMS; none: AWS's own. Mullion's own."},
    {"AwsKms", "stsEndpoint", Is::text, "Of STS; none: AWS's own. Mullion's own."},
    {"AwsKms", "delegateSelectors", Is::texts, "Tags that a delegate which uses it must have."},
    {"AwsKms", "default", Is::yes_or_no,
     "Meant where a secret names no manager; one in a scope (default false)."},
    {"AwsKms", "executeOnDelegate", Is::yes_or_no, "Default true; there is no platform."},
    {"AwsKms", "ignoreTestConnection", Is::yes_or_no, "connector test leaves it out (default false)."},
    {"ManualConfig", "accessKey", Is::reference, "The secret that is the access key's id.", {}, true},
    {"ManualConfig", "secretKey", Is::reference, "The secret that is the secret key.", {}, true},
    {"AssumeIAMRole", "delegateSelectors", Is::texts, "At least one.", {}, true},
    {"AssumeSTSRole", "delegateSelectors", Is::texts, "At least one.", {}, true},
    {"AssumeSTSRole", "roleArn", Is::text, "The role.", {}, true},
    {"AssumeSTSRole", "externalName", Is::text, "The external ID."},
    {"AssumeSTSRole", "assumeStsRoleDuration", Is::number, "Seconds of a session.", {}, false, 900, 43200},
    {"OidcAuthentication", "delegateSelectors", Is::texts, "Tags that a delegate must have."},
    {"OidcAuthentication", "iamRoleArn", Is::text, "The role.", {}, true},
    {"OidcAuthentication", "tokenFile", Is::text, "Where the token is, read again each time. Mullion's own."},
    {"OidcAuthentication", "tokenCommand", Is::texts,
     "The words of a command that prints it. Mullion's own."},

    {"Pdc", "hosts", Is::maps, "The hosts.", "host"},
    {"Pdc", "credential", Is::reference, "The WinRM credential of its hosts. Mullion's own."},
    {"Pdc", "delegateSelectors", Is::texts, "Tags that a delegate which uses it must have."},
    {"host", "hostname", Is::text, "HOST or HOST:PORT.", {}, true},
    {"host", "attributes", Is::pairs, "What is known of it."},
};

template <class Do>
void each_word(std::string_view words, const Do& act) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        act(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

Json of_type(std::initializer_list<const char*> types) {
    Json list = Json::array();
    for (const auto* const type : types) list.push_back(type);
    return {{"type", std::move(list)}};
}

Json reference_to(std::string_view name) {
    return {{"$ref", fmt::format("#/$defs/{}", name)}};
}

Json one_of(std::string_view words) {
    Json list = Json::array();
    each_word(words, [&](std::string_view word) { list.push_back(word); });
    list.push_back(nullptr);
    return {{"enum", std::move(list)}};
}

// {type: A, spec: {…}}, whose spec is that of its type.
Json choice(std::string_view words) {
    Json list = Json::array();
    each_word(words, [&](std::string_view word) {
        list.push_back({{"type", "object"},
                        {"additionalProperties", false},
                        {"required", {"type", "spec"}},
                        {"properties", {{"type", {{"const", word}}}, {"spec", reference_to(word)}}}});
    });
    return {{"oneOf", std::move(list)}};
}

Json kind_of_value(const Key& key) {
    switch (key.is) {
        case Is::text:
            return of_type({"string", "number", "boolean", "null"});  // A scalar is taken as it stands there.
        case Is::identifier:
            return {{"type", {"string", "null"}}, {"pattern", "^[a-zA-Z_][0-9a-zA-Z_$-]{0,127}$"}};
        case Is::reference:
            return {{"type", {"string", "null"}},
                    {"pattern", "^((account|org)\\.)?[a-zA-Z_][0-9a-zA-Z_$-]{0,127}$"}};
        case Is::texts:
            return {{"type", {"array", "null"}}, {"items", of_type({"string", "number", "boolean"})}};
        case Is::pairs:
            return {{"type", {"object", "null"}},
                    {"additionalProperties", of_type({"string", "number", "boolean", "null"})}};
        case Is::yes_or_no:
            return of_type({"boolean", "null"});
        case Is::number:
            return {{"type", {"integer", "null"}}, {"minimum", key.least}, {"maximum", key.most}};
        case Is::one_of:
            return one_of(key.more);
        case Is::nothing:
            return of_type({"null"});
        case Is::map:
            return reference_to(key.more);
        case Is::maps:
            return {{"type", {"array", "null"}}, {"items", reference_to(key.more)}};
        case Is::choice:
            return choice(key.more);
    }
    return {};
}

// A map with exactly these keys.
Json map_named(std::string_view name) {
    Json properties = Json::object(), needed = Json::array();
    for (const auto& key : keys) {
        if (key.of != name) continue;
        auto value = kind_of_value(key);
        value["description"] = key.help;
        properties[std::string(key.name)] = std::move(value);
        if (key.needed) needed.push_back(key.name);
    }
    Json map{{"type", "object"}, {"additionalProperties", false}};
    if (!needed.empty()) map["required"] = std::move(needed);
    map["properties"] = std::move(properties);
    return map;
}

// What all have, and the spec that belongs to the type.
Json kind(std::string_view type) {
    auto map = map_named("what all have");
    Json properties{{"type", {{"const", type}}}};
    for (const auto& [key, value] : map["properties"].items()) properties[key] = value;
    properties["spec"] = reference_to(type);
    map["required"] = {"type", "name", "spec"};
    if (type == "SecretText" || type == "SecretFile" || type == "Pdc") map["required"] = {"type", "name"};
    map["properties"] = std::move(properties);
    return map;
}

Json document(const char* key, std::initializer_list<const char*> types) {
    Json list = Json::array();
    for (const auto* const type : types) list.push_back(kind(type));
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", {key}},
            {"properties", {{key, {{"oneOf", std::move(list)}}}}}};
}

}  // namespace

Json forms_schema() {
    Json maps = Json::object();
    for (const auto& key : keys) {
        const std::string name(key.of);
        if (name != "what all have" && !maps.contains(name)) maps[name] = map_named(key.of);
    }
    return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
            {"title", "a secret, credential or connector, as mullion apply takes it"},
            {"oneOf",
             {document("secret", {"SecretText", "SecretFile", "WinRmCredentials"}),
              document("connector", {"AwsKms", "Pdc"})}},
            {"$defs", std::move(maps)}};
}

}  // namespace mullion::secrets
