// Ansible's INI inventories: hosts with their variables, [group], [group:vars], [group:children].
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "encoding/utf16.h"
#include "inventory/address.h"
#include "inventory/ini_lines.h"
#include "inventory/ranges.h"
#include "inventory/readers.h"
#include "inventory/shell_words.h"

namespace mullion::inventory {
namespace {

constexpr std::size_t most_hosts = 1'000'000;  // Beyond it no line adds any; one range may be as many.

enum class Section { hosts, variables, children };

// A group that was named before it was declared. Ansible wants the declaration later in the same file.
struct Pending {
    std::string group;
    std::uint32_t line = 0;
    bool as_child = false;  // Else its variables came first.
    std::vector<GroupIndex> parents;
};

void set_place(Value& value, Place place) {
    value.place = place;
    if (auto* const list = std::get_if<List>(&value.data))
        for (auto& item : *list) set_place(item, place);
    if (auto* const map = std::get_if<Map>(&value.data))
        for (auto& entry : *map) set_place(entry.second, place);
}

class IniReader {
public:
    IniReader(Model& model, std::uint32_t file) : model_(model), place_{file, 0} {}

    Result<void> read(std::string_view text) {
        model_.reading(place_.file);
        for (const auto line : ini_lines(text)) {
            ++place_.line;
            if (auto done = read_line(line); !done.ok()) return at_line(std::move(done).error(), place_);
        }
        return check_pending();
    }

private:
    Error at_line(Error error, Place place) const {
        error.detail = fmt::format("{}: {}", model_.text_of(place), error.detail);
        return error;
    }
    static Error wrong(std::string detail) { return {ErrorId::inventory_invalid, std::move(detail)}; }

    Result<void> read_line(std::string_view whole) {
        const auto line = trim(whole);
        if (line.empty() || line.front() == '#' || line.front() == ';') return {};
        if (!encoding::is_utf8(line)) return wrong("the line is not UTF-8");
        if (const auto header = section_header(line)) return begin_section(*header);
        if (line.front() == '[' && line.back() == ']')
            return wrong(
                fmt::format("'{}' is no section: write [group], [group:vars] or [group:children]", line));
        if (section_ == Section::hosts) return read_host(line);
        if (section_ == Section::variables) return read_variable(line);
        return read_child(line);
    }

    Result<void> begin_section(const SectionHeader& header) {
        if (header.kind.empty() || header.kind == "hosts") {
            section_ = Section::hosts;
        } else if (header.kind == "vars") {
            section_ = Section::variables;
        } else if (header.kind == "children") {
            section_ = Section::children;
        } else {
            return wrong(
                fmt::format("the section [{}:{}] is of an unknown kind: hosts, vars and children are known",
                            header.group, header.kind));
        }
        const auto name = std::string(header.group);
        const auto pending = find_pending(name);
        const bool known = model_.find_group(name).has_value();
        group_ = model_.group(name);
        if (section_ == Section::variables) {
            // Enough to hold variables, not to be a group: that must follow.
            if (!known && pending == pending_.end()) pending_.push_back({name, place_.line, false, {}});
            return {};
        }
        if (pending == pending_.end()) return {};
        for (const auto parent : pending->parents) MULLION_TRY(model_.add_child(parent, group_));
        pending_.erase(pending);
        return {};
    }

    Result<void> read_host(std::string_view line) {
        MULLION_ASSIGN(const auto words, split_words(line));
        const auto& pattern = words.front();  // The line is not empty, and no comment.
        if (pattern.empty()) return wrong("the host's name is empty");
        if (pattern == "---") return wrong("'---' begins a YAML file, but this is read as INI");
        MULLION_ASSIGN(const auto variables, host_variables(words));
        const auto address = host_address(pattern);
        if (pattern.back() == ':' && address.port == 0)
            return wrong(fmt::format("'{}' ends in a colon, but no port follows", pattern));
        if (model_.hosts().size() > most_hosts)
            return wrong(fmt::format("the inventory has more than {} hosts", most_hosts));
        const auto add = [&](std::string_view name) { add_host(name, address.port, variables); };
        if (address.host.find('[') != std::string_view::npos) return expand_range(address.host, add);
        add(address.host);
        return {};
    }

    // Host and port. Beyond Ansible, which takes brackets only where a port follows: "[::1]".
    static Address host_address(std::string_view pattern) {
        if (const auto address = parse_address(pattern)) return *address;
        if (pattern.front() == '[' && pattern.back() == ']') {
            const auto inside = pattern.substr(1, pattern.size() - 2);
            const auto address = parse_address(inside);
            const bool colons = std::count(inside.begin(), inside.end(), ':') > 1;
            if (colons && address && address->port == 0 && inside.find("::") != std::string_view::npos)
                return *address;
        }
        return {pattern, 0};
    }

    Result<Variables> host_variables(const std::vector<std::string>& words) {
        Variables variables;
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::string_view word = words[i];
            const auto equals = word.find('=');
            if (equals == std::string_view::npos)
                return wrong(fmt::format("'{}' is no key=value of the host {}", word, words.front()));
            variables.push_back({model_.name(word.substr(0, equals)), literal(word.substr(equals + 1))});
        }
        return variables;
    }

    void add_host(std::string_view name, unsigned port, const Variables& variables) {
        const bool known = model_.find_host(name).has_value();
        const auto host = model_.host(name);
        // As Ansible has it, a host that another line made keeps that one's port.
        if (port != 0 && !known) model_.set(host, "ansible_port", Value{std::int64_t{port}, place_});
        model_.put(host, group_);
        for (const auto& variable : variables) model_.set(host, variable.name, variable.value);
    }

    Result<void> read_variable(std::string_view line) {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) return wrong(fmt::format("'{}' is no key=value", line));
        return model_.set_group(group_, trim(line.substr(0, equals)), literal(trim(line.substr(equals + 1))));
    }

    Result<void> read_child(std::string_view line) {
        const auto name = child_name(line);
        if (!name) return wrong(fmt::format("'{}' is no name of a group", line));
        if (const auto child = model_.find_group(*name)) return model_.add_child(group_, *child);
        // The host of that name is no group; a group of that name may still come.
        const auto pending = find_pending(*name);
        if (pending == pending_.end()) {
            pending_.push_back({std::string(*name), place_.line, true, {group_}});
        } else {
            pending->parents.push_back(group_);
        }
        return {};
    }

    Value literal(std::string_view text) const {
        auto value = python_literal(text);
        set_place(value, place_);
        return value;
    }

    std::vector<Pending>::iterator find_pending(std::string_view name) {
        return std::find_if(pending_.begin(), pending_.end(),
                            [&](auto& entry) { return entry.group == name; });
    }

    Result<void> check_pending() const {
        if (pending_.empty()) return {};
        const auto& first = pending_.front();
        auto error = first.as_child
                         ? wrong(fmt::format("[{}:children] names the group {}, which is nowhere declared",
                                             model_.groups()[first.parents.back()].name, first.group))
                         : wrong(fmt::format("[{0}:vars] is for the group {0}, which is nowhere declared",
                                             first.group));
        return at_line(std::move(error), {place_.file, first.line});
    }

    Model& model_;
    Place place_;  // The line being read.
    Section section_ = Section::hosts;
    GroupIndex group_ = Model::ungrouped;
    std::vector<Pending> pending_;
};

}  // namespace

Result<void> read_ini(Model& model, std::uint32_t file, std::string_view text) {
    return IniReader(model, file).read(text);
}

}  // namespace mullion::inventory
