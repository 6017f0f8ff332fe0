// Rows of several hosts as one table. The widths are those of the first rows: they wait until there are
// enough of them or a host has ended, and what comes later and is longer moves its line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "wsman/cim/instance.h"

namespace mullion::cli {

class CimTable {
public:
    // With `hosts` the first column is the host's name.
    CimTable(std::vector<std::string> columns, bool hosts);

    // What can be written now; nothing while the widths are not known.
    [[nodiscard]] std::string add(const std::string& host, const wsman::cim::Instance& row);
    // A host has ended, or all have.
    [[nodiscard]] std::string flush();

private:
    using Cells = std::vector<std::string>;
    [[nodiscard]] std::string line(const Cells& cells) const;

    const bool hosts_;
    const std::vector<std::string> columns_;
    std::vector<std::size_t> widths_;
    std::vector<Cells> waiting_;
    bool begun_ = false;  // The head was written.
};

// "10.0.0.1, fe80::1": all values of a property, in one line that cannot steer a terminal.
[[nodiscard]] std::string cim_cell(const wsman::cim::Property& property);
// "Name = spooler", a line each; null is "Name = null".
[[nodiscard]] std::string cim_lines(const wsman::cim::Instance& instance);

}  // namespace mullion::cli
