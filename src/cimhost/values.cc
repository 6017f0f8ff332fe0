#include "cimhost/values.h"

#include <algorithm>

#include "cim/instance.h"
#include "cimhost/classes.h"
#include "wql/fold.h"
#include "wsman/cim/names.h"
#include "wsman/cim/reference.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

constexpr std::int64_t minute = 60'000'000;  // In microseconds.
constexpr std::int64_t longest_interval =
    100'000'000LL * 24 * 60 * minute;  // DSP0004 5.5.1: days have 8 digits.

// In the zone that it is to be shown in. Nothing outside the years that can be written.
std::optional<wire::Moment> wire_moment(const cim::Moment& moment) {
    const std::int64_t shift = moment.offset * minute;
    constexpr auto far = std::int64_t{1} << 62;
    if (moment.microseconds > far || moment.microseconds < -far) return std::nullopt;
    auto shown = wire::moment_of(moment.microseconds + shift);
    if (shown) shown->offset = moment.offset;
    return shown;
}

std::optional<wire::Scalar> plain_value(const cim::Scalar& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return *number;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* text = std::get_if<std::string>(&value)) return std::string_view(*text);
    if (const auto* interval = std::get_if<cim::Interval>(&value)) {
        if (interval->microseconds < 0 || interval->microseconds >= longest_interval) return std::nullopt;
        return wire::Interval{interval->microseconds};
    }
    if (const auto* moment = std::get_if<cim::Moment>(&value))
        if (const auto shown = wire_moment(*moment)) return *shown;
    return std::nullopt;
}

void write_scalar(wire::InstanceWriter& out, std::string_view name, const cim::Scalar& value,
                  const wire::ClassUri& form) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        out.text(name, *text);
    } else if (const auto* reference = std::get_if<cim::Reference>(&value)) {
        out.reference(name, wire_reference(*reference, form));
    } else if (const auto plain = plain_value(value)) {
        out.scalar(name, *plain);
    } else {
        out.null(name);
    }
}

wire::Value wire_value(const cim::Scalar& value, const wire::ClassUri& form) {
    if (const auto* reference = std::get_if<cim::Reference>(&value))
        return wire::Value(wire_reference(*reference, form));
    const auto plain = plain_value(value);
    return plain ? wire::Value(*plain) : wire::Value();
}

// cim::Type and the wire's have the same names; the wire's has two more.
wire::Type wire_type(cim::Type type) {
    return wire::parse_type(cim::type_name(type)).value_or(wire::Type::string);
}

std::optional<cim::Scalar> scalar_of(const wire::Value& sent, cim::Type type) {
    if (type == cim::Type::reference) {
        if (sent.form != wire::Form::reference || sent.reference.empty()) return std::nullopt;
        if (auto named = reference_of(sent.reference.front(), default_namespace))
            return cim::Scalar(std::move(*named));
        return std::nullopt;
    }
    const auto read = sent.as(wire_type(type));
    if (!read) return std::nullopt;
    if (const auto* flag = std::get_if<bool>(&*read)) return *flag;
    if (const auto* number = std::get_if<std::uint64_t>(&*read)) return *number;
    if (const auto* number = std::get_if<std::int64_t>(&*read)) return *number;
    if (const auto* number = std::get_if<double>(&*read)) return *number;
    if (const auto* text = std::get_if<std::string_view>(&*read)) return std::string(*text);
    if (const auto* interval = std::get_if<wire::Interval>(&*read))
        return cim::Interval{interval->microseconds};
    if (const auto* moment = std::get_if<wire::Moment>(&*read))
        if (const auto at = wire::unix_microseconds(*moment))
            return cim::Moment{*at, moment->offset.value_or(0)};
    return std::nullopt;
}

}  // namespace

wire::Reference wire_reference(const cim::Reference& reference, const wire::ClassUri& form) {
    auto uri = form;
    uri.class_name = reference.class_name;
    wire::Reference target{std::string(wsman::anonymous), wire::format_class_uri(uri), {}};
    if (uri.form == wire::ClassUri::Form::schema)
        target.keys.emplace_back(std::string(wire::namespace_selector), uri.cim_namespace);
    for (const auto& [name, value] : reference.keys) target.keys.emplace_back(name, value);
    return target;
}

std::optional<cim::Reference> reference_of(const wire::Reference& target, std::string_view cim_namespace) {
    const auto uri = wire::parse_class_uri(target.resource_uri);
    if (!uri || uri->class_name == "*") return std::nullopt;
    std::string space = uri->cim_namespace;
    cim::Reference named{uri->class_name, {}};
    for (const auto& key : target.keys) {
        if (wql::same_name(key.name, wire::namespace_selector)) {
            space = key.value;
            std::replace(space.begin(), space.end(), '\\', '/');
        } else if (key.reference.empty()) {
            named.keys.emplace_back(key.name, key.value);
        } else {
            const auto inner = reference_of(key.reference.front(), cim_namespace);
            if (!inner) return std::nullopt;
            // Each level doubles quotes: what is longer than any key may be names nothing.
            auto path = cim::path_text(*inner);
            if (path.size() > wire::longest_key) return std::nullopt;
            named.keys.emplace_back(key.name, std::move(path));
        }
    }
    // Without one it is that of whatever refers to it.
    if (!space.empty() && !wql::same_name(space, cim_namespace)) return std::nullopt;
    return named;
}

void write_value(wire::InstanceWriter& out, std::string_view name, const cim::Value& value,
                 const wire::ClassUri& form) {
    if (const auto* one = std::get_if<cim::Scalar>(&value)) {
        write_scalar(out, name, *one, form);
        return;
    }
    const auto* many = std::get_if<cim::Array>(&value);
    // DSP0230 8.3: an empty array is one element that is nil, as null is.
    if (many == nullptr || many->empty()) {
        out.null(name);
        return;
    }
    for (const auto& one : *many) write_scalar(out, name, one, form);
}

std::vector<wire::Value> wire_values(const cim::Value& value, const wire::ClassUri& form) {
    std::vector<wire::Value> values;
    if (const auto* one = std::get_if<cim::Scalar>(&value)) values.push_back(wire_value(*one, form));
    if (const auto* many = std::get_if<cim::Array>(&value))
        for (const auto& one : *many) values.push_back(wire_value(one, form));
    if (values.empty()) values.emplace_back();
    return values;
}

std::optional<cim::Value> value_of(const std::vector<wire::Value>& sent, cim::Type type, bool array) {
    if (sent.empty() || (sent.size() == 1 && sent.front().is_null())) return cim::Value();
    if (!array && sent.size() > 1) return std::nullopt;
    cim::Array many;
    for (const auto& each : sent) {
        auto scalar = scalar_of(each, type);
        if (!scalar) return std::nullopt;
        many.push_back(std::move(*scalar));
    }
    if (array) return cim::Value(std::move(many));
    return cim::Value(std::move(many.front()));
}

}  // namespace mullion::cimhost
