// Which classes this service has.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cim/provider.h"

namespace mullion::cim {

// What was asked for and is not there. WMI: WBEM_E_INVALID_NAMESPACE, WBEM_E_INVALID_CLASS.
struct Unknown {
    enum class What { cim_namespace, class_name };
    What what = What::class_name;
    std::string name;
    std::string near = {};  // The class that may have been meant.

    [[nodiscard]] std::string text() const;
};

class Registry {
public:
    // All classes of this room.
    [[nodiscard]] static const Registry& standard();
    explicit Registry(std::vector<const Provider*> providers);

    // In any case, with / or \ in the namespace. An abstract class is one that has subclasses only.
    [[nodiscard]] std::variant<const ClassDef*, Unknown> find(std::string_view cim_namespace,
                                                              std::string_view class_name) const;
    // Nobody for an abstract class.
    [[nodiscard]] const Provider* provider(const ClassDef& definition) const;
    // Those whose instances are also instances of that class: its own and its subclasses'.
    [[nodiscard]] std::vector<const Provider*> derived(const ClassDef& definition) const;
    // All that there are, abstract ones too, bases before what stands on them.
    [[nodiscard]] std::span<const ClassDef* const> classes() const { return classes_; }

private:
    std::vector<const Provider*> providers_;
    std::vector<const ClassDef*> classes_;
};

}  // namespace mullion::cim
