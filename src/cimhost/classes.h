// Which class, and which instance, a request means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cimhost/failure.h"
#include "cimhost/questions.h"
#include "wql/object_path.h"
#include "wsman/cim/class_uri.h"

namespace mullion::cimhost {

inline constexpr std::string_view default_namespace = "root/cimv2";

// The class of a resource URI.
[[nodiscard]] Or<const cim::ClassDef*> find_class(const World& world, const wsman::cim::ClassUri& uri);
// That one; `uri` has its namespace and its own spelling.
struct Named {
    const cim::ClassDef* definition = nullptr;
    wsman::cim::ClassUri uri;
    cim::Keys keys;
};
[[nodiscard]] Or<Named> find_named(const World& world, const wsman::cim::Target& target);
// The target's keys as providers compare them. Fails where one is a reference and should not be, or the
// other way round, or names what cannot be of this machine.
[[nodiscard]] Or<cim::Keys> keys_of(const cim::ClassDef& definition, const wsman::cim::Target& target);
// What stands in paths of objects: values of keys, and namespaces with slashes.
[[nodiscard]] std::string constant_text(const wql::Constant& constant);
[[nodiscard]] std::string joined(const std::vector<std::string>& names);

// The class's URI in the form of the request's; of "all classes" in WMI's.
[[nodiscard]] wsman::cim::ClassUri uri_like(const wsman::cim::ClassUri& form, const cim::ClassDef& of);

[[nodiscard]] std::vector<std::string> key_names(const cim::ClassDef& definition);

// The providers that may have an instance with these keys: of the class itself, or, where it is abstract,
// those of its subclasses that have such keys. Else what is wrong with the keys.
[[nodiscard]] Or<std::vector<const cim::Provider*>> providers_for(const World& world, const Named& named);

// An instance, and who makes it.
struct Found {
    cim::Instance instance;
    const cim::Provider* provider;
};
// Fails too where there is none.
[[nodiscard]] Or<Found> find_instance(const World& world, const Named& named, const cim::Wanted& wanted);

}  // namespace mullion::cimhost
