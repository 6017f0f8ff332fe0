// Parts of queries that come from options.
#pragma once

#include <string>
#include <string_view>

namespace mullion::checks {

// For a string of WQL in quotes of either kind: a quote or a backslash in it ends nothing and hides nothing.
// Centreon puts the option there as it is, so that a quote breaks the query, or says something else.
[[nodiscard]] std::string wql_text(std::string_view text);

// What CIM_DataFile knows a folder by: "C:" and "\data\"; of Linux, which has no drives, "/var/log/" alone.
struct Folder {
    std::string drive, path;
};
// Of "C:/data/", "C:\data\", "C:\\data\\" (which is how Centreon's users have to write the former), of
// "/var/log", and of any of these without the last one, which a path needs. Nothing where there is neither a
// drive nor the root in front.
[[nodiscard]] bool split_folder(std::string_view text, Folder& folder);

}  // namespace mullion::checks
