#include "recordings/recording.h"

#include <yaml.h>

#include <cstdio>
#include <memory>

#include "wsman/fault.h"

namespace mullion::recordings {

namespace {

constexpr std::size_t largest_message = 16 * 1024 * 1024;

Error unreadable(const std::string& path, std::string_view why) {
    return Error(ErrorId::usage_file, path + ": " + std::string(why));
}

std::string_view scalar(const yaml_node_t* node) {
    if (node == nullptr || node->type != YAML_SCALAR_NODE) return {};
    return {reinterpret_cast<const char*>(node->data.scalar.value), node->data.scalar.length};
}

// The value of a key in a mapping; nothing when it is not there.
yaml_node_t* value_of(yaml_document_t& document, const yaml_node_t* mapping, std::string_view key) {
    if (mapping == nullptr || mapping->type != YAML_MAPPING_NODE) return nullptr;
    const auto& pairs = mapping->data.mapping.pairs;
    for (auto* pair = pairs.start; pair != pairs.top; ++pair)
        if (scalar(yaml_document_get_node(&document, pair->key)) == key)
            return yaml_document_get_node(&document, pair->value);
    return nullptr;
}

std::vector<Pair> pairs_of(yaml_document_t& document) {
    std::vector<Pair> pairs;
    const auto* messages = value_of(document, yaml_document_get_root_node(&document), "messages");
    if (messages == nullptr || messages->type != YAML_SEQUENCE_NODE) return pairs;
    const auto& items = messages->data.sequence.items;
    for (auto* item = items.start; item != items.top; ++item) {
        const auto* message = yaml_document_get_node(&document, *item);
        pairs.push_back({std::string(scalar(value_of(document, message, "request"))),
                         std::string(scalar(value_of(document, message, "response")))});
    }
    return pairs;
}

}  // namespace

Result<std::vector<Pair>> load_recording(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file) return unreadable(path, "cannot be opened");
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) return unreadable(path, "no memory for the parser");
    const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t*)> parser_end(&parser, &yaml_parser_delete);
    yaml_parser_set_input_file(&parser, file.get());
    yaml_document_t document;
    if (yaml_parser_load(&parser, &document) == 0)
        return unreadable(path, parser.problem != nullptr ? parser.problem : "is not YAML");
    const std::unique_ptr<yaml_document_t, void (*)(yaml_document_t*)> document_end(&document,
                                                                                    &yaml_document_delete);
    return pairs_of(document);
}

std::string_view to_string(Class kind) {
    switch (kind) {
        case Class::command_shell:
            return "command-shell";
        case Class::shell_enumeration:
            return "shell-enumeration";
        case Class::fault:
            return "fault";
        case Class::config:
            return "config";
        case Class::psrp:
            return "psrp";
        case Class::other:
            return "other";
    }
    return "other";
}

Class classify(const Pair& pair) {
    const auto limits = wsman::wire_limits(largest_message);
    const auto response = wsman::read_message(pair.response, limits);
    const auto request = wsman::read_message(pair.request, limits);
    if (!request || !response) return Class::other;
    if (wsman::is_fault(response.value())) return Class::fault;
    const std::string_view uri = request.value().header.resource_uri;
    if (uri == wsman::resource::command_shell) return Class::command_shell;
    if (uri == wsman::resource::shells || uri == wsman::resource::shell_commands)
        return Class::shell_enumeration;
    if (uri.starts_with(wsman::resource::config)) return Class::config;
    if (uri.starts_with("http://schemas.microsoft.com/powershell/")) return Class::psrp;
    return Class::other;
}

bool must_hold(Class kind) {
    return kind != Class::psrp;
}

}  // namespace mullion::recordings
