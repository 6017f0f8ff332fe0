#include "checks/modes/registry.h"

#include <fmt/format.h>

#include "checks/rows.h"

namespace mullion::checks::registry {
namespace {

constexpr std::string_view local_machine = "2147483650";  // 0x80000002

wsman::cim::Property argument(std::string_view name, std::string_view text) {
    wsman::cim::Property property;
    property.name = name;
    property.values.emplace_back(wsman::cim::Scalar(text));
    return property;
}

Call call_of(std::string_view method, std::string_view key, std::string_view value = {}) {
    Call call;
    call.of.of.cim_namespace = "root/default";
    call.of.of.class_name = "StdRegProv";
    call.method = method;
    call.arguments = {argument("hDefKey", local_machine), argument("sSubKeyName", key)};
    if (!value.empty()) call.arguments.push_back(argument("sValueName", value));
    return call;
}

// "EnumKey of HKLM\SOFTWARE\…".
std::string told(const Call& call) {
    return fmt::format("{} of HKLM\\{}", call.method, call.arguments.at(1).values.front().text);
}

Error denied(const Call& call) {
    Error error(ErrorId::wsman_access_denied,
                fmt::format("{}: the account may not read this key", told(call)));
    error.advice.push_back("Give the account Execute Methods on root/default and read access to the key.");
    return error;
}

const char* output_of(std::string_view method) {
    if (method == "EnumKey") return "sNames";
    return method == "GetBinaryValue" ? "uValue" : "sValue";
}

}  // namespace

Call enum_key(std::string_view key) {
    return call_of("EnumKey", key);
}

Call get_string(std::string_view key, std::string_view value) {
    return call_of("GetStringValue", key, value);
}

Call get_strings(std::string_view key, std::string_view value) {
    return call_of("GetMultiStringValue", key, value);
}

Call get_binary(std::string_view key, std::string_view value) {
    return call_of("GetBinaryValue", key, value);
}

Result<Said> read_said(const Answer& answer, const Call& call) {
    if (const auto* error = answer.error()) return *error;
    const auto* result = std::get_if<wsman::cim::MethodResult>(&answer.of);
    if (result == nullptr) return malformed(told(call) + " was not answered");
    const auto code = result->return_value.as(wsman::cim::Type::uint32);
    if (!code) return malformed(told(call) + " has no ReturnValue");
    switch (std::get<std::uint64_t>(*code)) {
        case 0:
            return Said{true, texts(result->outputs, output_of(call.method))};
        case 1:  // What StdRegProv says of a value that is not there.
        case 2:  // ERROR_FILE_NOT_FOUND
            return Said{};
        case 5:  // ERROR_ACCESS_DENIED
            return denied(call);
        default:
            return malformed(fmt::format("{} ended with {}", told(call), std::get<std::uint64_t>(*code)));
    }
}

Result<std::string> bytes_of(const Said& said) {
    std::string bytes;
    bytes.reserve(said.texts.size());
    for (const auto& text : said.texts) {
        const auto byte = wsman::cim::parse_scalar(wsman::cim::Type::uint8, text);
        if (!byte) return malformed("a value of the registry is not made of bytes");
        bytes += static_cast<char>(std::get<std::uint64_t>(*byte));
    }
    return bytes;
}

}  // namespace mullion::checks::registry
