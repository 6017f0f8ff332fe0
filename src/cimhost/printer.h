// Instances of one class as items of an enumeration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cim/instance.h"
#include "wsman/cim/class_uri.h"
#include "wsman/cim/reference.h"

namespace mullion::cimhost {

class Printer {
public:
    // Instances of `own`, shown as those of `shown`, itself or one that it stands on (DSP0227 9.3). `form` is
    // how classes are named.
    Printer(const cim::Shape& own, const cim::Shape& shown, const wsman::cim::ClassUri& form);

    // Null and empty arrays are told apart.
    void precise_arrays() { precise_ = true; }
    // Named properties only, as <w:XmlFragment>, in the spelling and order of `names`.
    void only(const std::vector<std::string>& names);

    [[nodiscard]] std::string object(const cim::Instance& instance) const;
    // By its keys, whatever it is shown as: that is the one that Get gives.
    [[nodiscard]] wsman::cim::Reference reference(const cim::Instance& instance) const;

private:
    struct Column {
        std::string_view name;
        std::size_t at;  // Of the instance's values.
        bool array;
    };
    void add(std::string_view name, std::size_t at);

    const cim::Shape& own_;
    wsman::cim::ClassUri form_;
    std::string name_, space_, type_, own_uri_;
    std::vector<std::string> names_;
    std::vector<Column> columns_;
    bool fragment_ = false, precise_ = false;
};

}  // namespace mullion::cimhost
