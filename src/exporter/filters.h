// Which instances are shown: services, processes, volumes, disks and network cards, by regular expressions on
// their names. As windows_exporter's --collector.service.include and its like: all of the name, not a part of
// it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::exporter {

class NameFilter {
public:
    NameFilter();  // Everything.
    // RE2's regular expressions, which take time in proportion to the name and no more. Empty: everything is
    // included, nothing is excluded. Errors: config.invalid, with the reason.
    [[nodiscard]] static Result<NameFilter> make(std::string_view include, std::string_view exclude);
    [[nodiscard]] bool shows(std::string_view name) const;

private:
    struct Expressions;
    std::shared_ptr<const Expressions> expressions_;  // Null: everything.
};

struct Filters {
    NameFilter services, processes, volumes, disks, nics;
};

}  // namespace mullion::exporter
