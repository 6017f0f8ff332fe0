// A class of CIM and its instances as FLEET.yml lists them: read once, asked for many hosts.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cim/provider.h"
#include "cim/registry.h"

namespace mullion::simulate {

// What {host}, {address} and {n} of a value stand for.
struct CimNames {
    std::string host;
    std::string address;
    std::optional<std::uint64_t> number = {};  // Of a row out of many; else {n} stays as it is.
};
[[nodiscard]] std::string fill_in(std::string_view text, const CimNames& names);

// A text as a value of a type: numbers in decimal, true or false, times as DMTF and XML Schema write them.
// References are none. Nothing when it is no such value.
[[nodiscard]] std::optional<cim::Scalar> cim_scalar(cim::Type type, std::string_view text);

struct CimCell {
    std::string_view property;
    cim::Type type = cim::Type::string;
    bool array = false;
    cim::Value value = {};                // Of what is the same for every host and row,
    std::vector<std::string> words = {};  // else the texts to be filled in: of an array as many as it has.

    [[nodiscard]] bool is_filled_in() const { return !words.empty(); }
    // Nothing when what comes of it is no value of the type.
    [[nodiscard]] std::optional<cim::Value> value_for(const CimNames& names) const;
};

// One row, or with a count so many that differ by {n}.
struct CimRow {
    std::vector<CimCell> cells;
    std::uint64_t first = 0, count = 1;
    bool counted = false;
};

struct CimMethod {
    cim::Value returned;
    std::vector<CimCell> outputs;
};

// Views of the definition refer to what is kept here.
class CimTable {
public:
    CimTable() = default;
    CimTable(const CimTable&) = delete;
    CimTable& operator=(const CimTable&) = delete;

    // Kept as long as the table.
    [[nodiscard]] std::string_view keep(std::string text) { return words_.emplace_back(std::move(text)); }
    [[nodiscard]] std::span<const cim::ParameterDef> keep(std::vector<cim::ParameterDef> parameters) {
        return parameters_.emplace_back(std::move(parameters));
    }
    // Once properties and methods are there.
    void define() {
        definition.properties = properties;
        definition.methods = methods;
    }
    [[nodiscard]] const cim::PropertyDef* property(std::string_view name) const;  // In any case.

    cim::ClassDef definition;
    std::vector<cim::PropertyDef> properties;
    std::vector<cim::MethodDef> methods;
    std::vector<CimMethod> outcomes;  // Of `methods`, in that order.
    std::vector<CimRow> rows;
    // WMI's code that is answered to whatever is asked of the class, as where a right is missing; 0: none.
    std::uint32_t refusal = 0;

private:
    std::deque<std::string> words_;
    std::deque<std::vector<cim::ParameterDef>> parameters_;
};
using CimTables = std::vector<std::shared_ptr<const CimTable>>;

// What one host answers from. Made for a question: it costs a few microseconds for each class.
class CimHost {
public:
    CimHost(CimTables tables, CimNames names);
    ~CimHost();
    [[nodiscard]] const cim::Registry& registry() const { return *registry_; }
    // The class that has refused what was asked; null: none has.
    [[nodiscard]] const CimTable* refused() const { return refused_; }

private:
    CimTables tables_;
    CimNames names_;
    const CimTable* refused_ = nullptr;
    std::vector<std::unique_ptr<cim::Provider>> providers_;
    std::optional<cim::Registry> registry_;
};

}  // namespace mullion::simulate
