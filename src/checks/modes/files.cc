#include "checks/modes/files.h"

#include <fmt/format.h>

#include "checks/wql_text.h"

namespace mullion::checks {

Result<void> Files::prepare(const Words& words) {
    const auto folder = words.text("folder");
    if (folder.empty()) return Error(ErrorId::usage_invalid, "Need to specify folder option.");
    Folder parts;
    if (!split_folder(folder, parts)) {
        return Error(
            ErrorId::usage_invalid,
            fmt::format("Wrong folder option '{}'. It begins with a drive, or on Linux with the root: "
                        "'C:/Users/', '/var/log/'.",
                        folder));
    }
    drive_ = parts.drive;
    path_ = parts.path;
    MULLION_ASSIGN(filter_, Filter::of(words, "filter-filename"));
    return {};
}

Query Files::query(std::string_view properties) const {
    const auto drive = drive_.empty() ? std::string() : fmt::format("drive = \"{}\" AND ", drive_);
    return {
        fmt::format("Select {} from CIM_DataFile where {}path = \"{}\"", properties, drive, wql_text(path_))};
}

Result<std::vector<Files::File>> Files::of(const Rows& rows) const {
    std::vector<File> files;
    for (const auto& row : rows) {
        auto name = text(row, "Name");
        if (!name) return malformed("a row of CIM_DataFile has no Name");
        auto shown_name = perl_trimmed(std::move(*name));
        MULLION_ASSIGN(const bool taken, filter_.takes(shown_name));
        if (taken) files.push_back({std::move(shown_name), &row});
    }
    return files;
}

std::vector<OptionSpec> Files::options() {
    return {
        {.name = "folder",
         .type_name = "FOLDER",
         .help = "Files of this folder, not of those in it: 'C:/Users/Administrator/', '/var/log/'. "
                 "Without wildcards."},
        {.name = "filter-filename",
         .type_name = "REGEX",
         .help = "Of these full names only; Windows gives them in small letters."},
    };
}

void say_files_missing(const Setting& setting, const Rows& rows, std::size_t taken, Report& report) {
    if (rows.empty() || (taken == 0 && !setting.compat)) report.say(Status::unknown, "No file found.");
}

}  // namespace mullion::checks
