#include "checks/output/extend.h"

#include <algorithm>
#include <array>
#include <map>

#include "checks/output/methods.h"

namespace mullion::checks {
namespace {

constexpr std::size_t most_metrics = 10'000;

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find(at);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

struct Called {
    Extension::Method method;
    std::string argument;
};

// "scale( GB )": its parts. Nothing for another form, or an unknown name.
std::optional<Called> read_call(std::string_view text) {
    using Method = Extension::Method;
    static constexpr std::array<std::pair<std::string_view, Method>, 8> known = {
        {{"invert", Method::invert},
         {"percent", Method::percent},
         {"scale", Method::scale},
         {"math", Method::math},
         {"min", Method::min},
         {"max", Method::max},
         {"average", Method::average},
         {"sum", Method::sum}}};
    const auto whole = trimmed(text);
    const auto open = whole.find('(');
    if (open == std::string::npos || whole.back() != ')') return {};
    const auto name = trimmed(std::string_view(whole).substr(0, open));
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == name; });
    if (found == known.end()) return {};
    return Called{found->second, trimmed(std::string_view(whole).substr(open + 1, whole.size() - open - 2))};
}

bool read_scale(Extension& extension) {
    auto& unit = extension.argument;
    if (unit.empty()) unit = "auto";
    static constexpr std::array<std::string_view, 6> units = {"B", "b", "bps", "Bps", "b/s", "auto"};
    const auto known = [&](std::string_view name) {
        return std::find(units.begin(), units.end(), name) != units.end();
    };
    if (known(unit)) return true;
    if (std::string_view("KMGTPEkmgtpe").find(unit.front()) == std::string_view::npos ||
        !known(std::string_view(unit).substr(1)))
        return false;
    extension.quantity = unit.substr(0, 1);
    unit.erase(0, 1);
    return true;
}

// "current * 8 | 1": the formula, and whether thresholds go through it too.
Result<bool> read_math(Extension& extension, std::string_view option) {
    const auto parts = split(extension.argument, '|');
    std::string text;
    for (std::size_t at = 0; at < parts[0].size();) {
        constexpr std::string_view current = "current";
        if (std::string_view(parts[0]).substr(at).starts_with(current)) {
            text += "%{current}";
            at += current.size();
        } else if (std::string_view(" \t.-+*/0123456789()").find(parts[0][at]) != std::string_view::npos) {
            text += parts[0][at++];
        } else {
            return false;
        }
    }
    MULLION_ASSIGN(extension.formula, Condition::compile(text, option));
    extension.with_thresholds = parts.size() > 1 && trimmed(parts[1]) == "1";
    return true;
}

Result<bool> read_arguments(Extension& extension, std::string_view option) {
    if (extension.method == Extension::Method::scale) return read_scale(extension);
    if (extension.method == Extension::Method::math) return read_math(extension, option);
    return true;
}

Error unknown_method(std::string_view option, std::string_view text) {
    const bool runs_perl = text.find("eval") != std::string_view::npos;
    return {ErrorId::usage_invalid,
            "--" + std::string(option) + ": the method in '" + std::string(text) +
                "' is unknown (known: invert(), percent(), scale(UNIT), math(FORMULA), min(REGEX), "
                "max(REGEX), average(REGEX), sum(REGEX))" +
                (runs_perl ? "; eval() would run Perl, which is not here: math() calculates" : "")};
}

}  // namespace

Result<std::optional<Extension>> read_extension(Extension::Kind kind, std::string_view text,
                                                std::string_view option, bool compat) {
    auto parts = split(text, ',');
    parts.resize(8);
    Extension extension;
    extension.kind = kind;
    if (parts[0].empty() && kind != Extension::Kind::group) return std::optional<Extension>();
    if (!parts[0].empty()) {
        MULLION_ASSIGN(auto search, Regex::compile(parts[0], option));
        extension.search = std::move(search);
    }
    extension.label = parts[1];
    extension.unit = parts[3];
    extension.min = parts[4];
    extension.max = parts[5];
    extension.warning = parts[6];
    extension.critical = parts[7];
    if (parts[2].empty()) return std::optional(std::move(extension));
    const auto call = read_call(parts[2]);
    bool good = call.has_value();
    if (good) {
        extension.method = call->method;
        extension.argument = call->argument;
        MULLION_ASSIGN(good, read_arguments(extension, option));
    }
    if (good) return std::optional(std::move(extension));
    if (compat) return std::optional<Extension>();
    return unknown_method(option, text);
}

namespace {

Result<void> apply_method(const Extension& how, const std::vector<std::string>& groups, bool compat,
                          const std::vector<ShownMetric>& all, ShownMetric& metric) {
    using Method = Extension::Method;
    switch (how.method) {
        case Method::none:
            return {};
        case Method::invert:
            invert_metric(metric);
            return {};
        case Method::percent:
            make_percent(metric);
            return {};
        case Method::scale:
            scale_metric(how, metric);
            return {};
        case Method::math:
            return calculate_metric(how, compat, metric);
        default:
            return gather_metric(how, groups, compat, all, metric);
    }
}

void apply_texts(const Extension& how, ShownMetric& metric) {
    if (!how.unit.empty()) metric.unit = how.unit;
    if (!how.min.empty()) metric.min = how.min;
    if (!how.max.empty()) metric.max = how.max;
    if (!how.warning.empty()) metric.warning = replaced_threshold(how.warning, metric.max);
    if (!how.critical.empty()) metric.critical = replaced_threshold(how.critical, metric.max);
}

Result<void> add_group(const Extension& how, bool compat, std::vector<ShownMetric>& metrics) {
    if (how.label.empty()) return {};
    ShownMetric made{how.label, {}};
    MULLION_TRY(apply_method(how, {}, compat, metrics, made));
    apply_texts(how, made);
    if (!made.value.empty()) metrics.push_back(std::move(made));
    return {};
}

Result<void> apply(const Extension& how, bool compat, std::vector<ShownMetric>& metrics) {
    if (!how.search) return add_group(how, compat, metrics);
    std::vector<ShownMetric> added;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        MULLION_ASSIGN(const auto groups, how.search->groups(metrics[i].label));
        if (groups.empty()) continue;
        ShownMetric made =
            how.kind == Extension::Kind::group ? ShownMetric{metrics[i].label, {}} : metrics[i];
        if (!how.label.empty()) {
            MULLION_ASSIGN(made.label, how.search->replace(made.label, how.label));
        }
        MULLION_TRY(apply_method(how, groups, compat, metrics, made));
        apply_texts(how, made);
        if (how.kind == Extension::Kind::change)
            metrics[i] = std::move(made);
        else if (!made.value.empty())
            added.push_back(std::move(made));
    }
    if (metrics.size() + added.size() > most_metrics)
        return Error(ErrorId::usage_invalid, "--extend-perfdata: it makes too many metrics");
    metrics.insert(metrics.end(), std::make_move_iterator(added.begin()),
                   std::make_move_iterator(added.end()));
    return {};
}

}  // namespace

Result<void> extend(const std::vector<Extension>& extensions, bool compat,
                    std::vector<ShownMetric>& metrics) {
    for (const auto& how : extensions) MULLION_TRY(apply(how, compat, metrics));
    return {};
}

Result<void> explode(const std::vector<Explosion>& explosions, std::vector<ShownMetric>& metrics) {
    std::vector<ShownMetric> added;
    for (const auto& metric : metrics) {
        if (metric.max.empty()) continue;
        for (const auto& explosion : explosions) {
            bool found = !explosion.search;
            if (!found) {
                MULLION_ASSIGN(found, explosion.search->matches(metric.label));
            }
            if (!found) continue;
            ShownMetric made;
            made.label = explosion.name.empty() ? metric.label + "_max" : explosion.name;
            made.value = metric.max;
            made.unit = metric.unit;
            added.push_back(std::move(made));
            break;
        }
    }
    metrics.insert(metrics.end(), std::make_move_iterator(added.begin()),
                   std::make_move_iterator(added.end()));
    return {};
}

}  // namespace mullion::checks
