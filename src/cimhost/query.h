// What an enumeration asks for, worked out before any instance is made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cimhost/classes.h"
#include "wql/query.h"
#include "wql/shape.h"
#include "wsman/cim/enumeration.h"

namespace mullion::cimhost {

struct Plan {
    const cim::ClassDef* asked = nullptr;
    std::vector<const cim::Provider*> providers;
    cim::Question question;
    std::optional<wql::Expression> where;
    // Of these properties alone, as fragments.
    std::optional<std::vector<std::string>> columns;
    wsman::cim::ClassUri form;
    wsman::cim::Mode mode = wsman::cim::Mode::object;
    bool precise_arrays = false;
    bool as_asked = false;  // Instances of subclasses are shown as such of `asked`.
};

// Nothing is enumerated by associations, of which there are none here: a plan without providers for an object
// that there is, a failure for any other. DSP0227 16, [MS-WSMV] 3.1.4.8
[[nodiscard]] Or<Plan> plan(const World& world, const wsman::cim::Enumeration& asked);

// The pieces of it.
[[nodiscard]] wql::ClassShape wql_shape(const cim::ClassDef& definition);
// What WHERE surely says, as providers are told.
void narrow(const wql::Expression& where, const cim::Shape& shape, cim::Question& question);
// WHERE of a selector filter. Fails for what no selector can ask.
[[nodiscard]] Or<wql::Expression> where_of(const cim::ClassDef& definition,
                                           const wsman::cim::SelectorFilter& filter);
// Nothing where the object is there, and so has no associations.
[[nodiscard]] std::optional<cim::Failure> check_association(const World& world,
                                                            const wsman::cim::ClassUri& form,
                                                            const wsman::cim::AssociationFilter& filter);
[[nodiscard]] std::optional<cim::Failure> check_traversal(const World& world,
                                                          const wsman::cim::ClassUri& form,
                                                          const wql::Traversal& traversal);

}  // namespace mullion::cimhost
