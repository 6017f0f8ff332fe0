// A condition that was read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checks/regex.h"

namespace mullion::checks {

enum class Operation : std::uint8_t {
    text,      // `text`, as it is.
    joined,    // The parts one behind the other: a text with variables in it.
    variable,  // `text` is its name.
    matches,   // parts[0] =~ regex, or parts[1] where the pattern has variables in it.
    negated,
    minus,
    both,
    either,
    one_of,    // xor
    fallback,  // "//"
    choice,    // a ? b : c
    compare,   // `text` is the operator.
    compare_text,
    calculate,  // `text` is one of + - * / % .
    function,   // `text` is its name.
};

struct ConditionNode {
    Operation operation = Operation::text;
    std::string text = {};
    std::vector<std::shared_ptr<const ConditionNode>> parts = {};
    std::shared_ptr<const Regex> regex = {};
};

using NodePointer = std::shared_ptr<const ConditionNode>;

}  // namespace mullion::checks
