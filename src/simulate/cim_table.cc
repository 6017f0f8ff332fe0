#include "simulate/cim_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "wql/fold.h"
#include "wsman/cim/value.h"

namespace mullion::simulate {
namespace {

// The types of the wire are named alike; its parser knows every spelling that hosts send.
wsman::cim::Type wire_type(cim::Type type) {
    return wsman::cim::parse_type(cim::type_name(type)).value_or(wsman::cim::Type::instance);
}

std::optional<cim::Scalar> time_of(const wsman::cim::Moment& moment) {
    const auto at = wsman::cim::unix_microseconds(moment);
    if (!at) return std::nullopt;
    return cim::Moment{*at, moment.offset.value_or(0)};
}

struct ToScalar {
    std::optional<cim::Scalar> operator()(bool value) const { return value; }
    std::optional<cim::Scalar> operator()(std::uint64_t value) const { return value; }
    std::optional<cim::Scalar> operator()(std::int64_t value) const { return value; }
    std::optional<cim::Scalar> operator()(double value) const { return value; }
    std::optional<cim::Scalar> operator()(char16_t) const { return std::nullopt; }  // No type of tables.
    std::optional<cim::Scalar> operator()(std::string_view value) const { return std::string(value); }
    std::optional<cim::Scalar> operator()(const wsman::cim::Moment& value) const { return time_of(value); }
    std::optional<cim::Scalar> operator()(const wsman::cim::Interval& value) const {
        return cim::Interval{value.microseconds};
    }
};

class TableProvider final : public cim::Provider {
public:
    TableProvider(const CimTable& table, const CimNames& names, const CimTable*& refused)
        : Provider(table.definition), table_(table), names_(names), refused_(refused) {}

    [[nodiscard]] std::optional<cim::Fault> enumerate(const cim::Machine&, const cim::Question& question,
                                                      cim::Sink& sink) const override {
        if (table_.refusal != 0) return refuse();
        for (const auto& row : table_.rows)
            for (std::uint64_t at = 0; at < row.count; ++at)
                if (!sink.put(instance(row, row.first + at, question.wanted))) return std::nullopt;
        return std::nullopt;
    }

    [[nodiscard]] cim::MethodOutcome invoke(const cim::Machine& machine,
                                            const cim::MethodCall& call) const override {
        if (table_.refusal != 0) return {{}, {}, refuse()};
        for (std::size_t at = 0; at < table_.methods.size(); ++at) {
            if (!call.is(table_.methods[at].name)) continue;
            if (call.keys != nullptr && !get(machine, {}, *call.keys).instance)
                return {{}, {}, cim::Fault{cim::Fault::Kind::no_instance, std::string(definition().name)}};
            return outcome(table_.outcomes[at]);
        }
        return Provider::invoke(machine, call);
    }

private:
    // Which code it is, whoever answers learns from CimHost: faults of this machine's classes have none.
    [[nodiscard]] cim::Fault refuse() const {
        refused_ = &table_;
        return {cim::Fault::Kind::unreadable, std::string(definition().name)};
    }

    [[nodiscard]] cim::Instance instance(const CimRow& row, std::uint64_t number,
                                         const cim::Wanted& wanted) const {
        auto names = names_;
        if (row.counted) names.number = number;
        auto made = make();
        for (const auto& cell : row.cells)
            if (wanted.has(cell.property))
                made.set(cell.property, cell.value_for(names).value_or(cim::Value()));
        return made;
    }

    [[nodiscard]] cim::MethodOutcome outcome(const CimMethod& method) const {
        cim::MethodOutcome outcome{method.returned, {}, {}};
        for (const auto& cell : method.outputs)
            outcome.outputs.emplace_back(cell.property, cell.value_for(names_).value_or(cim::Value()));
        return outcome;
    }

    const CimTable& table_;
    const CimNames& names_;
    const CimTable*& refused_;
};

}  // namespace

std::string fill_in(std::string_view text, const CimNames& names) {
    const auto number = names.number ? std::to_string(*names.number) : std::string();
    const std::pair<std::string_view, const std::string*> known[] = {
        {"{host}", &names.host},
        {"{address}", &names.address},
        {"{n}", names.number ? &number : nullptr},
    };
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto* const found = std::find_if(std::begin(known), std::end(known), [&](const auto& name) {
            return name.second != nullptr && text.substr(at).starts_with(name.first);
        });
        if (found == std::end(known)) {
            out += text[at++];
            continue;
        }
        out += *found->second;
        at += found->first.size();
    }
    return out;
}

std::optional<cim::Scalar> cim_scalar(cim::Type type, std::string_view text) {
    const auto value = wsman::cim::parse_scalar(wire_type(type), text);
    if (!value) return std::nullopt;
    return std::visit(ToScalar(), *value);
}

std::optional<cim::Value> CimCell::value_for(const CimNames& names) const {
    if (!is_filled_in()) return value;
    cim::Array all;
    for (const auto& word : words) {
        auto one = cim_scalar(type, fill_in(word, names));
        if (!one) return std::nullopt;
        all.push_back(*std::move(one));
    }
    if (array) return cim::Value(std::move(all));
    return cim::Value(std::move(all.front()));
}

const cim::PropertyDef* CimTable::property(std::string_view name) const {
    const auto at = std::find_if(properties.begin(), properties.end(),
                                 [&](const auto& known) { return wql::same_name(known.name, name); });
    return at == properties.end() ? nullptr : &*at;
}

CimHost::CimHost(CimTables tables, CimNames names) : tables_(std::move(tables)), names_(std::move(names)) {
    std::vector<const cim::Provider*> all;
    for (const auto& table : tables_) {
        providers_.push_back(std::make_unique<TableProvider>(*table, names_, refused_));
        all.push_back(providers_.back().get());
    }
    registry_.emplace(std::move(all));
}

CimHost::~CimHost() = default;

}  // namespace mullion::simulate
