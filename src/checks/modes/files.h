// Files of one folder, of the modes files-date and files-size. CIM_DataFile, by drive and path, which WMI
// has an index of; anything else would walk through the whole disk. Linux has a path alone.
#pragma once

#include <string>
#include <vector>

#include "checks/filter.h"
#include "checks/mode.h"
#include "checks/rows.h"
#include "core/result.h"

namespace mullion::checks {

class Files {
public:
    // Options folder and filter-filename. Errors: usage.invalid.
    [[nodiscard]] Result<void> prepare(const Words& words);
    // `properties` as the query names them.
    [[nodiscard]] Query query(std::string_view properties) const;

    struct File {
        std::string name;
        const Row* row;
    };
    // Those that the filter takes, in the order of the answer. Errors: wsman.malformed for a row without a
    // name.
    [[nodiscard]] Result<std::vector<File>> of(const Rows& rows) const;

    [[nodiscard]] static std::vector<OptionSpec> options();

private:
    std::string drive_, path_;
    Filter filter_;
};

// UNKNOWN where there is no file: of the folder, or (which Centreon takes for a good answer) that the filter
// takes.
void say_files_missing(const Setting& setting, const Rows& rows, std::size_t taken, Report& report);

}  // namespace mullion::checks
