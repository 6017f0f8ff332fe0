#include "inventory/yaml_values.h"

#include <unordered_map>

#include <fmt/core.h>

#include "inventory/json_events.h"
#include "inventory/python_scalars.h"
#include "inventory/readers.h"
#include "yaml/stream_events.h"

namespace mullion::inventory {
namespace {

constexpr std::size_t largest = 256U * 1024 * 1024;
constexpr unsigned deepest = 64;
constexpr std::size_t nodes_of_aliases = 1'000'000;

// "tag:yaml.org,2002:str" as "!!str".
std::string short_tag(std::string_view tag) {
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    return tag.starts_with(standard) ? "!!" + std::string(tag.substr(standard.size())) : std::string(tag);
}

Result<std::unique_ptr<yaml::Events>> events_of(std::string_view text, const yaml::Options& options) {
    if (auto json = read_json(text, deepest)) return json;
    return yaml::library_events(text, options);
}

// Keys that were two in YAML may be one as text, 1 and "1": the last one wins, where the first one stood.
void drop_twice(Map& entries) {
    std::unordered_map<std::string_view, std::size_t> seen;
    Map kept;
    kept.reserve(entries.size());  // Views into it stay good.
    for (auto& entry : entries) {
        const auto known = seen.find(entry.first);
        if (known != seen.end()) {
            kept[known->second].second = std::move(entry.second);
        } else {
            kept.push_back(std::move(entry));
            seen.emplace(kept.back().first, kept.size() - 1);
        }
    }
    entries = std::move(kept);
}

// How inventories read YAML: anchors, tags, keys given twice (the last one wins, with a notice).
yaml::Options yaml_options(Model& model, std::uint32_t file, std::string_view text) {
    yaml::Options options;
    // What is written out is never more nodes than characters.
    options.limits = {largest, deepest, text.size() + nodes_of_aliases};
    options.anchors = options.tags = true;
    options.twice = [&model, file](unsigned line, std::string_view key) {
        model.notice({file, line}, fmt::format("{} is given twice; the last one is used", key));
    };
    options.file = model.file(file);
    options.error = ErrorId::inventory_invalid;
    return options;
}

bool is_vault_tag(std::string_view tag) {
    return tag == "!vault" || tag == "!vault-encrypted";
}

}  // namespace

Result<void> with_events(Model& model, std::uint32_t file, std::string_view text,
                         const std::function<Result<void>(yaml::Events&)>& use,
                         const std::function<void()>& forget) {
    {
        const yaml::Options options = yaml_options(model, file, text);
        MULLION_ASSIGN(auto source, events_of(text, options));
        yaml::StreamEvents stream(std::move(source), options);
        // Also what is wrong may be in the first value of a key that has a second one.
        if (use(stream).ok()) return {};
    }
    forget();
    return with_tree(model, file, text, use);
}

Result<void> with_tree(Model& model, std::uint32_t file, std::string_view text,
                       const std::function<Result<void>(yaml::Events&)>& use) {
    const yaml::Options options = yaml_options(model, file, text);
    MULLION_ASSIGN(const auto source, events_of(text, options));
    MULLION_ASSIGN(const yaml::Node root, yaml::compose(*source, options));
    return use(*yaml::tree_events(root));
}

Error YamlValues::fault(unsigned line, std::string_view what) const {
    return {ErrorId::inventory_invalid, fmt::format("{}: {}", model_.text_of({file_, line}), what)};
}

Result<Value> YamlValues::value(const yaml::Event& first) {
    Value out;
    out.place = place(first);
    if (first.kind == yaml::Event::Kind::scalar) return scalar(first);
    const std::string tag = short_tag(first.tag);
    const bool is_map = first.kind == yaml::Event::Kind::map_start;
    const bool known = tag.empty() || tag == "!" || tag == "!unsafe" || tag == (is_map ? "!!map" : "!!seq");
    if (!known)
        return fault(first.line, fmt::format("the tag {} is not for a {}", tag, is_map ? "map" : "list"));
    const bool before = literal_;
    literal_ = literal_ || tag == "!unsafe";
    auto read = is_map ? map(std::move(out)) : list(std::move(out));
    literal_ = before;
    return read;
}

Result<Value> YamlValues::scalar(const yaml::Event& event) const {
    Value out;
    if (event.plain) {
        out = yaml_scalar(event.text);
    } else if (is_vault_tag(event.tag)) {
        out.data = Vaulted{std::string(event.text)};
    } else {
        out.data = std::string(event.text);
    }
    const std::string tag = event.tag.empty() ? std::string() : short_tag(event.tag);
    if (tag.starts_with("!!") && tag != "!!str") {
        Value resolved = yaml_scalar(event.text);
        const bool right = (tag == "!!null" && std::holds_alternative<std::monostate>(resolved.data)) ||
                           (tag == "!!bool" && std::holds_alternative<bool>(resolved.data)) ||
                           (tag == "!!int" && std::holds_alternative<std::int64_t>(resolved.data)) ||
                           (tag == "!!float" && std::holds_alternative<double>(resolved.data)) ||
                           (tag == "!!timestamp" && std::holds_alternative<std::string>(resolved.data));
        if (tag == "!!float" && std::holds_alternative<std::int64_t>(resolved.data)) {
            out.data = static_cast<double>(std::get<std::int64_t>(resolved.data));
        } else if (right) {
            out = std::move(resolved);
        } else {
            return fault(event.line, fmt::format("the tag {} is not for this value", tag));
        }
    } else if (!tag.empty() && tag != "!!str" && tag != "!" && tag != "!unsafe" && !is_vault_tag(tag)) {
        return fault(event.line, fmt::format("the tag {} is not known", tag));
    }
    out.literal = literal_ || tag == "!unsafe";
    out.place = place(event);
    return out;
}

Result<Value> YamlValues::map(Value out) {
    Map entries;
    bool converted = false;
    while (true) {
        yaml::Event event;
        MULLION_TRY(next(event));
        if (event.kind == yaml::Event::Kind::map_end) break;
        std::string name = key(event);
        converted = converted || name != event.text;
        MULLION_TRY(next(event));
        MULLION_ASSIGN(Value read, value(event));
        entries.emplace_back(std::move(name), std::move(read));
    }
    if (converted) drop_twice(entries);
    out.data = std::move(entries);
    out.literal = literal_;
    return out;
}

Result<Value> YamlValues::list(Value out) {
    List items;
    while (true) {
        yaml::Event event;
        MULLION_TRY(next(event));
        if (event.kind == yaml::Event::Kind::list_end) break;
        MULLION_ASSIGN(Value read, value(event));
        items.push_back(std::move(read));
    }
    out.data = std::move(items);
    out.literal = literal_;
    return out;
}

Result<void> YamlValues::skip(const yaml::Event& first) {
    using Kind = yaml::Event::Kind;
    yaml::Event event = first;
    for (unsigned depth = 0;;) {
        if (event.kind == Kind::map_start || event.kind == Kind::list_start) ++depth;
        if (event.kind == Kind::map_end || event.kind == Kind::list_end) --depth;
        if (depth == 0) return {};
        MULLION_TRY(next(event));
    }
}

std::string YamlValues::key(const yaml::Event& event) const {
    if (!event.plain) return std::string(event.text);
    const Value value = yaml_scalar(event.text);
    if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
    return key_text(value).value_or(std::string(event.text));
}

}  // namespace mullion::inventory
