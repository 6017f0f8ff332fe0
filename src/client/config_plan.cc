#include "client/config_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "client/config_cuts.h"

namespace mullion::client {
namespace {

using wsman::ConfigAccess;
using wsman::ConfigDocument;
using wsman::ConfigResource;
using Kind = ConfigChange::Kind;

constexpr std::string_view hidden = "(hidden)";

Error wrong(std::string what) {
    return {ErrorId::usage_invalid, std::move(what)};
}

bool is_listener(const ConfigResource& resource) {
    return resource.path == "listener";
}

std::string_view text_of(const ConfigDocument& document, std::string_view path) {
    const auto* value = document.find(path);
    return value == nullptr ? std::string_view() : std::string_view(value->text);
}

// PowerShell's words for booleans are what people have in their fingers.
std::string_view without_dollar(const wsman::ConfigRow& row, std::string_view text) {
    if (row.type == wsman::ConfigType::boolean && (text == "$true" || text == "$false"))
        text.remove_prefix(1);
    return text;
}

std::vector<const ConfigResource*> each_once(std::vector<const ConfigResource*> all) {
    std::vector<const ConfigResource*> found;
    for (const auto* one : all)
        if (std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
    return found;
}

wsman::ConfigTarget target_of(const ConfigDocument& document) {
    wsman::ConfigTarget target{document.resource, {}};
    for (const auto name : document.resource->keys)
        target.keys.push_back({std::string(name), std::string(text_of(document, name))});
    return target;
}

// Where a value comes from that is not of the host's own file: "policy"; of our own service also
// "CommandLine".
std::string in_words(const std::string& source) {
    return source == wsman::policy_source ? "policy" : source;
}

// Collects what is to be changed: one message for each resource, listener or mapping.
class Planner {
public:
    Planner(const ConfigRead& now, const ConfigPlanOptions& options) : now_(now), options_(options) {}

    Result<void> want(const ConfigAssignment& wanted) {
        if (!wanted.path.instances) return want_in_tree(wanted);
        const auto found = selected(wanted.path);
        if (found.empty() && !wanted.path.has_all_keys())
            return wrong(fmt::format("nothing is there that {} could mean; with all keys it would be made",
                                     named(wanted.path)));
        if (found.empty()) return want_new(wanted);
        for (const auto* document : found) {
            auto& change = change_of(Kind::put, target_of(*document));
            if (wanted.value) want_value(change, *document, wanted.path.path, *wanted.value);
        }
        return {};
    }

    Result<void> remove(const ConfigPath& path) {
        if (!path.instances || !path.path.empty())
            return wrong("only listeners and mappings can be deleted: a setting is set to another value");
        const auto found = selected(path);
        if (found.empty() && path.has_all_keys())
            return wrong(fmt::format("there is no {}{}", named(path), there()));
        for (const auto* document : found) change_of(Kind::remove, target_of(*document));
        return {};
    }

    Result<ConfigPlan> finish() {
        for (auto& change : plan_.changes) give_password(change);
        std::erase_if(plan_.changes, [](const ConfigChange& change) {
            return change.kind == Kind::put && change.differences.empty();
        });
        if (!options_.force && leaves_no_listener())
            return Error{ErrorId::config_last_listener,
                         "nobody could reach the host's service any more; --force does it all the same"};
        MULLION_TRY(keep_the_way());
        for (const auto& change : plan_.changes) warn_of(change);
        return std::move(plan_);
    }

private:
    std::string named(const ConfigPath& path) const {
        return path.keys.empty() ? std::string(path.resource->root)
                                 : instance_name({path.resource, path.keys});
    }

    std::string there() const {
        std::string names;
        for (const auto& document : now_.documents)
            if (!document.resource->keys.empty())
                names += fmt::format("{}{}", names.empty() ? "; there is " : ", ", instance_name(document));
        return names;
    }

    std::vector<const ConfigDocument*> selected(const ConfigPath& path) const {
        std::vector<const ConfigDocument*> found;
        for (const auto& document : now_.documents)
            if (path.selects(document)) found.push_back(&document);
        return found;
    }

    const ConfigDocument* current(const wsman::ConfigTarget& target) const {
        for (const auto& document : now_.documents)
            if (document.resource == target.resource && target_of(document) == target) return &document;
        return nullptr;
    }

    ConfigChange& change_of(Kind kind, wsman::ConfigTarget target) {
        for (auto& change : plan_.changes)
            if (change.target == target) return change;
        ConfigChange change;
        change.kind = kind;
        change.document.resource = target.resource;
        change.target = std::move(target);
        plan_.changes.push_back(std::move(change));
        return plan_.changes.back();
    }

    Result<void> want_in_tree(const ConfigAssignment& wanted) {
        const auto& resource = writable_resource(wanted.path);
        wsman::ConfigTarget target{&resource, {}};
        const auto* document = current(target);
        if (document == nullptr) return wrong(fmt::format("{} was not read", resource.root));
        want_value(change_of(Kind::put, std::move(target)), *document, wanted.path.path, *wanted.value);
        return {};
    }

    Result<void> want_new(const ConfigAssignment& wanted) {
        auto& change = change_of(Kind::create, {wanted.path.resource, wanted.path.keys});
        if (!wanted.value) return {};
        put_value(change, wanted.path.path, *wanted.value);
        change.differences.push_back({fmt::format("{}/{}", instance_name(change.target), wanted.path.path),
                                      std::nullopt, *wanted.value});
        return {};
    }

    // The last one that names a setting wins.
    static void put_value(ConfigChange& change, const std::string& path, const std::string& value) {
        auto& values = change.document.values;
        std::erase_if(values, [&](const wsman::ConfigValue& one) { return one.path == path; });
        values.push_back({path, value, {}, false});
    }

    static void want_value(ConfigChange& change, const ConfigDocument& document, const std::string& path,
                           const std::string& value) {
        const auto name = setting_name(document, path);
        std::erase_if(change.differences, [&](const ConfigDifference& one) { return one.path == name; });
        std::erase_if(change.document.values,
                      [&](const wsman::ConfigValue& one) { return one.path == path; });
        const auto* before = document.find(path);
        if (before != nullptr && before->text == value) return;
        put_value(change, path, value);
        change.differences.push_back(
            {name, before == nullptr ? std::nullopt : std::optional(before->text), value});
    }

    void give_password(ConfigChange& change) {
        const bool mapping = wsman::find_config_row(*change.target.resource, "Password") != nullptr;
        if (!mapping || !options_.password || change.kind == Kind::remove) return;
        change.document.password = options_.password->clone();
        change.differences.push_back(
            {instance_name(change.target) + "/Password", std::nullopt, std::string(hidden)});
    }

    // Whether the listener stays and is switched on when the plan is done.
    bool is_on_after(const ConfigDocument& listener) const {
        const auto target = target_of(listener);
        bool on = text_of(listener, "Enabled") != "false";
        for (const auto& change : plan_.changes) {
            if (!(change.target == target)) continue;
            if (change.kind == Kind::remove) return false;
            if (const auto* enabled = change.document.find("Enabled")) on = enabled->text != "false";
        }
        return on;
    }

    bool leaves_no_listener() const {
        bool before = false, after = false;
        for (const auto& document : now_.documents) {
            if (!is_listener(*document.resource)) continue;
            before = before || text_of(document, "Enabled") != "false";
            after = after || is_on_after(document);
        }
        for (const auto& change : plan_.changes)
            if (change.kind == Kind::create && is_listener(*change.target.resource))
                after = after || text_of(change.document, "Enabled") != "false";
        return before && !after;
    }

    std::vector<ConfigCut> cuts(const ConfigChange& change) const {
        return cuts_of(change, current(change.target), now_);
    }

    // What may cut the way by which the host was reached comes last: its answer may be the last that the host
    // gives. What is certain to cut it wants a word more.
    Result<void> keep_the_way() {
        put_as_one("service/auth", "service");
        std::string certain;
        for (const auto& change : plan_.changes)
            for (const auto& one : cuts(change))
                if (one.certain) certain += (certain.empty() ? "" : "; ") + one.what;
        if (!options_.force && !certain.empty())
            return wrong(certain +
                         "; reach the host by another way for this (--transport, --scheme …), or --force "
                         "does it all the same");
        std::stable_partition(plan_.changes.begin(), plan_.changes.end(),
                              [&](const ConfigChange& change) { return cuts(change).empty(); });
        return {};
    }

    // After the first of two such messages nobody may be let in with the second.
    void put_as_one(std::string_view part, std::string_view whole) {
        const auto cutting = [&](std::string_view path) {
            return std::find_if(plan_.changes.begin(), plan_.changes.end(), [&](const ConfigChange& one) {
                return one.target.resource->path == path && !cuts(one).empty();
            });
        };
        const auto inner = cutting(part), outer = cutting(whole);
        if (inner == plan_.changes.end() || outer == plan_.changes.end()) return;
        for (auto& value : inner->document.values) outer->document.values.push_back(std::move(value));
        for (auto& one : inner->differences) outer->differences.push_back(std::move(one));
        plan_.changes.erase(inner);
    }

    void warn_of(const ConfigChange& change) {
        for (auto& one : cuts(change)) plan_.warnings.push_back(std::move(one.what));
        const auto* document = current(change.target);
        if (document == nullptr) return;
        for (const auto& value : document->values) {
            const bool named =
                change.kind == Kind::remove ? false : change.document.find(value.path) != nullptr;
            if (named && !value.source.empty())
                plan_.warnings.push_back(
                    fmt::format("{} is set by {} on the host, which refuses to change it",
                                setting_name(*document, value.path), in_words(value.source)));
        }
        if (!document->source.empty())
            plan_.warnings.push_back(fmt::format("{} is made by {} on the host, which refuses to change it",
                                                 instance_name(*document), in_words(document->source)));
    }

    const ConfigRead& now_;
    const ConfigPlanOptions& options_;
    ConfigPlan plan_;
};

}  // namespace

Result<void> check_assignment(ConfigAssignment& assignment) {
    const auto& path = assignment.path;
    if (path.path.empty()) {
        if (path.instances && !assignment.value) return {};
        return wrong(fmt::format("{} holds settings and takes no value", path.resource->root));
    }
    const auto& row = *path.row();
    if (row.access == ConfigAccess::secret)
        return wrong(
            fmt::format("{} is no word of a command line: --mapping-password-file FILE, or "
                        "--ask-mapping-password",
                        path.path));
    if (row.access != ConfigAccess::writable) return wrong(fmt::format("{} is read-only", path.path));
    if (!assignment.value) return wrong(fmt::format("{}: write {}=VALUE", path.path, path.path));
    auto text = wsman::config_text(row, without_dollar(row, *assignment.value));
    if (!text.ok()) return wrong(std::move(text).error().detail);
    assignment.value = std::move(text).value();
    return {};
}

std::vector<const ConfigResource*> resources_to_read(const std::vector<ConfigPath>& paths) {
    std::vector<const ConfigResource*> all;
    for (const auto& path : paths) all.push_back(path.resource);
    return each_once(std::move(all));
}

std::vector<const ConfigResource*> resources_to_change(const std::vector<ConfigPath>& paths) {
    std::vector<const ConfigResource*> all;
    for (const auto& path : paths) all.push_back(path.instances ? path.resource : &writable_resource(path));
    return each_once(std::move(all));
}

Result<ConfigPlan> plan_set(const std::vector<ConfigAssignment>& wanted, const ConfigRead& now,
                            const ConfigPlanOptions& options) {
    Planner planner(now, options);
    for (const auto& one : wanted) MULLION_TRY(planner.want(one));
    return planner.finish();
}

Result<ConfigPlan> plan_remove(const std::vector<ConfigPath>& paths, const ConfigRead& now,
                               const ConfigPlanOptions& options) {
    Planner planner(now, options);
    for (const auto& path : paths) MULLION_TRY(planner.remove(path));
    return planner.finish();
}

}  // namespace mullion::client
