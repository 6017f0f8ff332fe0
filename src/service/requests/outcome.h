// What an operation of the service came to: a value, or the fault that the peer is told.
#pragma once

#include <utility>
#include <variant>

#include "wsman/fault.h"

namespace mullion::service {

template <class T>
class [[nodiscard]] Outcome {
public:
    Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
    Outcome(wsman::Fault fault) : state_(std::in_place_index<1>, std::move(fault)) {}  // NOLINT

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    [[nodiscard]] T& value() { return std::get<0>(state_); }
    [[nodiscard]] const T& value() const { return std::get<0>(state_); }
    [[nodiscard]] wsman::Fault& fault() { return std::get<1>(state_); }
    [[nodiscard]] const wsman::Fault& fault() const { return std::get<1>(state_); }

private:
    std::variant<T, wsman::Fault> state_;
};

struct Nothing {};
using Done = Outcome<Nothing>;

}  // namespace mullion::service
