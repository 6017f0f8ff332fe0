// Ansible's YAML inventories (docs.ansible.com: ansible.builtin.yaml inventory), and files of variables.
#include <iterator>

#include <fmt/core.h>

#include "inventory/address.h"
#include "inventory/ranges.h"
#include "inventory/readers.h"
#include "inventory/yaml_values.h"

namespace mullion::inventory {
namespace {

using Kind = yaml::Event::Kind;

std::string_view shape(const yaml::Event& event) {
    switch (event.kind) {
        case Kind::map_start:
            return "a map";
        case Kind::list_start:
            return "a list";
        default:
            return event.plain ? "a value" : "a text";
    }
}

// Of a scalar: one that YAML reads as null.
bool is_null(const yaml::Event& event) {
    return event.kind == Kind::scalar && event.plain &&
           std::holds_alternative<std::monostate>(yaml_scalar(event.text).data);
}

bool is_text(const yaml::Event& event) {
    return event.kind == Kind::scalar &&
           (!event.plain || std::holds_alternative<std::string>(yaml_scalar(event.text).data));
}

// What Python takes for false.
bool is_false(const Value& value) {
    return std::visit(
        [](const auto& data) {
            using Data = std::decay_t<decltype(data)>;
            if constexpr (std::is_same_v<Data, std::monostate>) return true;
            if constexpr (std::is_arithmetic_v<Data>) return data == Data{};
            if constexpr (std::is_same_v<Data, std::string> || std::is_same_v<Data, List> ||
                          std::is_same_v<Data, Map>)
                return data.empty();
            return false;
        },
        value.data);
}

class InventoryReader {
public:
    InventoryReader(Model& model, std::uint32_t file, yaml::Events& events)
        : model_(model), yaml_(model, file, events) {}

    Result<void> document() {
        yaml::Event event;
        MULLION_TRY(yaml_.next(event));
        if (event.kind == Kind::end || is_null(event)) return yaml_.fault(event.line, "the file is empty");
        if (event.kind != Kind::map_start)
            return yaml_.fault(event.line,
                               fmt::format("groups are wanted (NAME: …), and here is {}", shape(event)));
        while (true) {
            MULLION_TRY(yaml_.next(event));
            if (event.kind == Kind::map_end) break;
            if (event.text == "plugin") {
                MULLION_TRY(plugin());
                continue;
            }
            MULLION_TRY(group(event));
        }
        return yaml_.next(event);  // The end, or what follows it and is wrong.
    }

private:
    // The configuration of an inventory plugin has this key, with a value.
    Result<void> plugin() {
        yaml::Event event;
        MULLION_TRY(yaml_.next(event));
        if (event.kind == Kind::map_start || is_null(event)) {
            MULLION_TRY(group_named("plugin", event));
            return {};
        }
        MULLION_ASSIGN(const Value value, yaml_.value(event));
        if (is_false(value)) return {};
        const auto* name = std::get_if<std::string>(&value.data);
        return Error{
            ErrorId::usage_unsupported,
            fmt::format("{}: this configures the inventory plugin {}; inventory plugins are not run. "
                        "ansible-inventory --list --export --yaml writes what it gives as a file",
                        model_.text_of(value.place), name != nullptr ? *name : "that it names")};
    }

    // A group's name and what is in it. The group's number, or nothing where that is no group.
    Result<std::optional<GroupIndex>> group(const yaml::Event& key) {
        const unsigned line = key.line;
        const bool named = is_text(key) && !key.text.empty();
        const std::string name = yaml_.key(key);
        yaml::Event event;
        MULLION_TRY(yaml_.next(event));
        const bool is_group = event.kind == Kind::map_start || is_null(event);
        if (!named && is_group)
            return yaml_.fault(line, fmt::format("a group's name must be text: put {} in quotes", name));
        return group_named(name, event);
    }

    Result<std::optional<GroupIndex>> group_named(const std::string& name, const yaml::Event& first) {
        if (first.kind != Kind::map_start && !is_null(first)) {
            model_.notice(yaml_.place(first),
                          fmt::format("{} is skipped: no group is {}", name, shape(first)));
            MULLION_TRY(yaml_.skip(first));
            return std::optional<GroupIndex>();
        }
        const GroupIndex group = model_.group(name);
        if (first.kind == Kind::map_start) {
            MULLION_TRY(sections(group));
        }
        return std::optional(group);
    }

    Result<void> sections(GroupIndex group) {
        while (true) {
            yaml::Event event;
            MULLION_TRY(yaml_.next(event));
            if (event.kind == Kind::map_end) return {};
            const std::string section = yaml_.key(event);
            const unsigned line = event.line;
            MULLION_TRY(yaml_.next(event));
            if (section == "hosts" || section == "vars" || section == "children") {
                MULLION_TRY(known_section(group, section, event));
                continue;
            }
            if (event.kind != Kind::map_start && !is_null(event)) {
                model_.notice({yaml_.place(event).file, line},
                              fmt::format("{} in group {} is skipped: it is {}", section, name_of(group),
                                          shape(event)));
            } else if (!is_null(event)) {
                model_.notice({yaml_.place(event).file, line},
                              fmt::format("{} in group {} is skipped: a group has hosts, vars and children",
                                          section, name_of(group)));
            }
            MULLION_TRY(yaml_.skip(event));
        }
    }

    Result<void> known_section(GroupIndex group, const std::string& section, const yaml::Event& first) {
        if (is_null(first)) return {};
        if (first.kind == Kind::map_start) {
            if (section == "hosts") return hosts(group);
            if (section == "vars") return variables(group);
            return children(group);
        }
        // One word stands for a map with that key.
        if (!is_text(first) || !first.tag.empty())
            return yaml_.fault(first.line, fmt::format("{} of group {} must be a map, and is {}", section,
                                                       name_of(group), shape(first)));
        yaml::Event key = first, null;
        null.kind = Kind::scalar;
        null.plain = true;
        null.line = first.line;
        if (section == "hosts") return host(group, key, null);
        if (section == "vars") return variable(group, yaml_.key(key), null);
        MULLION_ASSIGN(const auto child, group_named(std::string(key.text), null));
        return add_child(group, *child, key.line);
    }

    Result<void> children(GroupIndex parent) {
        while (true) {
            yaml::Event event;
            MULLION_TRY(yaml_.next(event));
            if (event.kind == Kind::map_end) return {};
            const unsigned line = event.line;
            const std::string name = yaml_.key(event);
            MULLION_ASSIGN(const auto child, group(event));
            MULLION_TRY(child_by_name(parent, child ? child : model_.find_group(name), name, line));
        }
    }

    // What is no group here may be one elsewhere, or a host.
    Result<void> child_by_name(GroupIndex parent, std::optional<GroupIndex> child, const std::string& name,
                               unsigned line) {
        if (child) return add_child(parent, *child, line);
        const auto host = model_.find_host(name);
        if (!host)
            return yaml_.fault(line, fmt::format("{} is neither a group nor a host that is known", name));
        model_.put(*host, parent);
        return {};
    }

    Result<void> add_child(GroupIndex parent, GroupIndex child, unsigned line) {
        const auto added = model_.add_child(parent, child);
        if (!added.ok()) return yaml_.fault(line, Error(added.error()).detail);
        return {};
    }

    Result<void> variables(GroupIndex group) {
        while (true) {
            yaml::Event event;
            MULLION_TRY(yaml_.next(event));
            if (event.kind == Kind::map_end) return {};
            const std::string name = yaml_.key(event);
            MULLION_TRY(yaml_.next(event));
            MULLION_TRY(variable(group, name, event));
        }
    }

    Result<void> variable(GroupIndex group, std::string_view name, const yaml::Event& first) {
        const unsigned line = first.line;
        MULLION_ASSIGN(Value value, yaml_.value(first));
        const auto set = model_.set_group(group, name, std::move(value));
        if (!set.ok()) return yaml_.fault(line, Error(set.error()).detail);
        return {};
    }

    Result<void> hosts(GroupIndex group) {
        while (true) {
            yaml::Event key, first;
            MULLION_TRY(yaml_.next(key));
            if (key.kind == Kind::map_end) return {};
            if (!is_text(key) || key.text.empty())
                return yaml_.fault(key.line,
                                   fmt::format("a host's name must be text: put {} in quotes", key.text));
            name_ = key.text;
            key.text = name_;
            MULLION_TRY(yaml_.next(first));
            MULLION_TRY(host(group, key, first));
        }
    }

    // One host, or the hosts of a range, and their variables.
    Result<void> host(GroupIndex group, const yaml::Event& key, const yaml::Event& first) {
        named_.clear();
        MULLION_TRY(expand(key));
        for (const HostIndex host : named_) model_.put(host, group);
        if (first.kind == Kind::map_start) return host_variables();
        MULLION_ASSIGN(const Value value, yaml_.value(first));
        if (is_false(value)) return {};
        return yaml_.fault(first.line, fmt::format("the variables of host {} must be a map", key.text));
    }

    // Fills named_.
    Result<void> expand(const yaml::Event& key) {
        if (key.text.find_first_of("[:") == std::string_view::npos) {
            named_.push_back(model_.host(key.text));
            return {};
        }
        const auto address = parse_address(key.text);
        const std::string_view pattern = address ? address->host : key.text;
        const unsigned port = address ? address->port : 0;
        const auto each = [&](std::string_view name) { named_.push_back(known_or_new(name, port, key)); };
        const auto expanded = expand_range(pattern, each);
        if (!expanded.ok()) return yaml_.fault(key.line, Error(expanded.error()).detail);
        return {};
    }

    // A port counts where the host is named first.
    HostIndex known_or_new(std::string_view name, unsigned port, const yaml::Event& key) {
        if (const auto known = model_.find_host(name)) return *known;
        const HostIndex host = model_.host(name);
        if (port != 0) model_.set(host, "ansible_port", Value{std::int64_t{port}, yaml_.place(key)});
        return host;
    }

    Result<void> host_variables() {
        scratch_.clear();
        while (true) {
            yaml::Event event;
            MULLION_TRY(yaml_.next(event));
            if (event.kind == Kind::map_end) break;
            const std::string_view name = model_.name(yaml_.key(event));
            MULLION_TRY(yaml_.next(event));
            MULLION_ASSIGN(Value value, yaml_.value(event));
            assign(scratch_, name, std::move(value));
        }
        // Of the size that they need: there are many of these.
        for (const HostIndex host : named_)
            model_.set(host, named_.size() > 1 ? scratch_
                                               : Variables(std::make_move_iterator(scratch_.begin()),
                                                           std::make_move_iterator(scratch_.end())));
        return {};
    }

    [[nodiscard]] const std::string& name_of(GroupIndex group) const { return model_.groups()[group].name; }

    Model& model_;
    YamlValues yaml_;
    std::string name_;
    std::vector<HostIndex> named_;  // The hosts of the key being read.
    Variables scratch_;             // Their variables.
};

// The variables of a file, whose first event is to come.
Result<Variables> variables_of(Model& model, YamlValues& yaml) {
    yaml::Event event;
    MULLION_TRY(yaml.next(event));
    Variables out;
    if (event.kind == Kind::end) return out;
    if (event.kind != Kind::map_start) {
        MULLION_ASSIGN(const Value value, yaml.value(event));
        if (is_false(value)) return out;
        return yaml.fault(value.place.line, "variables are wanted (NAME: VALUE), and here is something else");
    }
    while (true) {
        MULLION_TRY(yaml.next(event));
        if (event.kind == Kind::map_end) break;
        const std::string_view name = model.name(yaml.key(event));
        MULLION_TRY(yaml.next(event));
        MULLION_ASSIGN(Value value, yaml.value(event));
        out.push_back({name, std::move(value)});
    }
    MULLION_TRY(yaml.next(event));  // The end, or what follows it and is wrong.
    return out;
}

}  // namespace

Result<void> read_yaml(Model& model, std::uint32_t file, std::string_view text) {
    const auto use = [&](yaml::Events& events) { return InventoryReader(model, file, events).document(); };
    // A stream that gives up half-way has to be undone, and only an empty model can.
    if (!model.is_blank()) return with_tree(model, file, text, use);
    const std::size_t notices = model.notices().size();
    auto read = with_events(model, file, text, use, [&] { model.forget(notices); });
    if (!read.ok()) model.forget(notices);  // It may be INI.
    return read;
}

Result<Variables> read_variables(Model& model, std::uint32_t file, std::string_view text) {
    Variables out;
    const auto use = [&](yaml::Events& events) -> Result<void> {
        YamlValues yaml(model, file, events);
        MULLION_ASSIGN(out, variables_of(model, yaml));
        return {};
    };
    MULLION_TRY(with_events(model, file, text, use, [&] { out.clear(); }));
    return out;
}

}  // namespace mullion::inventory
