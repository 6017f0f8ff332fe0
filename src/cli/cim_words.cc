#include "cli/cim_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "winrm/letters.h"
#include "wql/object_path.h"
#include "wql/parse.h"
#include "wsman/cim/class_uri.h"
#include "wsman/envelope.h"

namespace mullion::cli {
namespace {

using winrm::same_letters;
using wsman::cim::ClassUri;
using wsman::cim::Target;

Error wrong(std::string what) {
    return {ErrorId::usage_invalid, std::move(what)};
}

Result<std::pair<std::string, std::string>> parse_pair(std::string_view text) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals == std::string_view::npos || !wsman::cim::is_cim_name(name))
        return wrong(fmt::format("'{}': write NAME=VALUE", text));
    return std::pair(std::string(name), std::string(text.substr(equals + 1)));
}

Result<void> add_key(Target& target, std::string_view text) {
    MULLION_ASSIGN(auto pair, parse_pair(text));
    for (const auto& key : target.keys)
        if (same_letters(key.name, pair.first))
            return wrong(fmt::format("the key {} is given twice", pair.first));
    target.keys.push_back({std::move(pair.first), std::move(pair.second)});
    return {};
}

// winrm's: what stands behind the question mark.
Result<void> add_keys(Target& target, std::string_view text) {
    while (true) {
        const auto plus = text.find('+');
        MULLION_TRY(add_key(target, text.substr(0, plus)));
        if (plus == std::string_view::npos) return {};
        text.remove_prefix(plus + 1);
    }
}

// By way of the URI, whose rules for names they are.
Result<Target> class_in(std::string_view name, std::string_view cim_namespace) {
    const auto target = client::cim_class(name, cim_namespace);
    auto uri = wsman::cim::parse_class_uri(format_class_uri(target.of));
    if (!uri || uri->class_name != name)
        return wrong(
            fmt::format("'{}' in '{}' is no class: write CLASS, CLASS?KEY=VALUE or CLASS.KEY=\"VALUE\"", name,
                        cim_namespace));
    return Target{std::move(*uri), {}};
}

Result<Target> of_uri(std::string_view text) {
    const auto question = text.find('?');
    auto uri = wsman::cim::parse_class_uri(text.substr(0, question));
    if (!uri) return wrong(fmt::format("'{}' is no resource URI of a class", text));
    Target target{std::move(*uri), {}};
    if (question != std::string_view::npos) MULLION_TRY(add_keys(target, text.substr(question + 1)));
    // Where a schema has its namespace: a key that is none. DSP0227 6.2
    const auto space = std::find_if(target.keys.begin(), target.keys.end(), [](const wsman::cim::Key& key) {
        return same_letters(key.name, "__cimnamespace");
    });
    if (space != target.keys.end()) {
        target.of.cim_namespace = space->value;
        target.keys.erase(space);
    }
    return target;
}

std::string text_of(const wql::Constant& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<wql::Number>(&value)) return wql::write_number(*number);
    return std::get<bool>(value) ? "true" : "false";
}

Result<Target> of_path(std::string_view text, std::string_view cim_namespace) {
    auto parsed = wql::parse_object_path(text);
    if (const auto* fault = std::get_if<wql::Fault>(&parsed))
        return wrong(fmt::format("'{}': {}", text, fault->text()));
    const auto& path = std::get<wql::ObjectPath>(parsed);
    if (!path.server.empty() && path.server != ".")
        return wrong(fmt::format("'{}': the host is TARGET's, and not the path's", text));
    const auto own = fmt::format("{}", fmt::join(path.namespaces, "/"));
    MULLION_ASSIGN(auto target, class_in(path.class_name, own.empty() ? cim_namespace : own));
    for (const auto& key : path.keys) {
        if (key.name.empty())
            return wrong(fmt::format("'{}': name the key, as {}.KEY=\"VALUE\"", text, path.class_name));
        target.keys.push_back({key.name, text_of(key.value)});
    }
    return target;
}

Result<Target> of_any_form(std::string_view text, std::string_view cim_namespace) {
    if (text.find("://") != std::string_view::npos) return of_uri(text);
    const auto question = text.find('?');
    if (question != std::string_view::npos && text.find('"') > question) {
        MULLION_ASSIGN(auto target, class_in(text.substr(0, question), cim_namespace));
        MULLION_TRY(add_keys(target, text.substr(question + 1)));
        return target;
    }
    if (text.find_first_of(".:=\\/") != std::string_view::npos) return of_path(text, cim_namespace);
    return class_in(text, cim_namespace);
}

}  // namespace

Result<Target> parse_cim_object(std::string_view text, const std::vector<std::string>& more,
                                std::string_view cim_namespace) {
    MULLION_ASSIGN(auto target, of_any_form(text, cim_namespace));
    for (const auto& word : more) MULLION_TRY(add_key(target, word));
    return target;
}

Result<client::CimProperties> parse_cim_values(const std::vector<std::string>& words) {
    client::CimProperties properties;
    for (const auto& word : words) {
        MULLION_ASSIGN(const auto pair, parse_pair(word));
        if (wsman::find_unsendable(pair.second) != std::string_view::npos)
            return wrong(fmt::format("{}: the value has bytes that no message can carry", pair.first));
        wsman::cim::Value value;
        if (!same_letters(pair.second, "$null"))
            value = wsman::cim::Value(wsman::cim::Scalar(std::string_view(pair.second)));
        const auto same = std::find_if(properties.begin(), properties.end(), [&](const auto& property) {
            return same_letters(property.name, pair.first);
        });
        if (same != properties.end())
            same->values.push_back(std::move(value));
        else
            properties.push_back({pair.first, {std::move(value)}});
    }
    return properties;
}

Result<void> check_wql(std::string_view query) {
    const auto begin = query.find_first_not_of(" \t\r\n");
    const auto rest = begin == std::string_view::npos ? std::string_view() : query.substr(begin);
    const auto first = rest.substr(0, rest.find_first_of(" \t\r\n{*"));
    const bool known = same_letters(first, "select") || same_letters(first, "associators") ||
                       same_letters(first, "references");
    if (!known)
        return wrong(
            fmt::format("'{}' is no WQL: a query begins with SELECT, ASSOCIATORS OF or REFERENCES OF "
                        "(quote it, so that it is one word)",
                        query));
    if (query.size() > wsman::cim::longest_query)
        return wrong(fmt::format("the query is longer than {} bytes", wsman::cim::longest_query));
    if (wsman::find_unsendable(query) != std::string_view::npos)
        return wrong("the query has bytes that no message can carry");
    return {};
}

std::vector<std::string> wql_columns(std::string_view query) {
    const auto parsed = wql::parse(query);
    const auto* understood = std::get_if<wql::Query>(&parsed);
    const auto* select = understood == nullptr ? nullptr : std::get_if<wql::Select>(understood);
    std::vector<std::string> columns;
    if (select == nullptr) return columns;
    for (const auto& property : select->properties) {
        auto name = property.names.front();
        const bool twice = std::any_of(columns.begin(), columns.end(),
                                       [&](const std::string& column) { return same_letters(column, name); });
        if (!twice) columns.push_back(std::move(name));
    }
    return columns;
}

}  // namespace mullion::cli
