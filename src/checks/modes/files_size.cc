// How large the files of a folder are, one by one and together. CIM_DataFile.FileSize.
#include <fmt/format.h>

#include "checks/bytes.h"
#include "checks/levels.h"
#include "checks/modes/all.h"
#include "checks/modes/files.h"

namespace mullion::checks {
namespace {

class FilesSize final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        MULLION_ASSIGN(one_, levels_of(setting, "warning-one", "critical-one"));
        MULLION_ASSIGN(total_, levels_of(setting, "warning-total", "critical-total"));
        return files_.prepare(setting.words);
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        return {files_.query("name,filesize")};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        MULLION_ASSIGN(const auto files, files_.of(rows));
        report.say(Status::ok, "All file sizes are ok.");
        say_files_missing(setting, rows, files.size(), report);
        std::uint64_t total = 0;
        for (const auto& file : files) {
            auto size = number(*file.row, "FileSize");
            if (!size.ok()) return std::move(size.error()).at_step(file.name);
            total += *size;
            judge_file(file.name, *size, report);
        }
        judge_total(total, report);
        return {};
    }

private:
    // Centreon means to show the wrong threshold, and shows a variable that is empty.
    static Result<Levels> levels_of(const Setting& setting, std::string_view warning,
                                    std::string_view critical) {
        auto levels = Levels::of(setting.words, warning, critical);
        if (levels.ok() || !setting.compat) return levels;
        const auto text = levels.error().detail;
        return Error(ErrorId::usage_invalid, text.substr(0, text.find('\'')) + "''.");
    }

    static Perfdatum datum_of(std::string name, std::uint64_t size, const Levels& levels) {
        Perfdatum datum;
        datum.name = std::move(name);
        datum.value = std::to_string(size);
        datum.unit = "B";
        datum.min = "0";
        levels.show(datum);
        return datum;
    }

    void judge_file(const std::string& name, std::uint64_t size, Report& report) const {
        const auto told = format_bytes(static_cast<double>(size));
        const auto status = one_.status_of(static_cast<double>(size));
        report.line(fmt::format("{}: {}", name, told));
        if (status != Status::ok) report.say(status, fmt::format("'{}' size is {}", name, told));
        auto datum = datum_of("file.size.bytes", size, one_);
        datum.instances = {name};
        report.add(std::move(datum));
    }

    void judge_total(std::uint64_t total, Report& report) const {
        const auto told = format_bytes(static_cast<double>(total));
        const auto status = total_.status_of(static_cast<double>(total));
        report.line(fmt::format("Total: {}", told));
        if (status != Status::ok) report.say(status, fmt::format("Total size is {}", told));
        report.add(datum_of("files.size.bytes", total, total_));
    }

    Files files_;
    Levels one_, total_;
};

}  // namespace

ModeInfo files_size_mode() {
    ModeInfo info;
    info.name = "files-size";
    info.help = "How large the files of a folder are, one by one and together.";
    info.options = Files::options();
    info.options.insert(
        info.options.end(),
        {{.name = "all-files",
          .kind = OptionSpec::Kind::flag,
          .help = "Taken as Centreon takes it: all files of the folder are looked at anyway."},
         {.name = "warning-one", .type_name = "RANGE", .help = "Of the size of each file, in bytes."},
         {.name = "critical-one", .type_name = "RANGE", .help = "Of the size of each file, in bytes."},
         {.name = "warning-total", .type_name = "RANGE", .help = "Of all files together, in bytes."},
         {.name = "critical-total", .type_name = "RANGE", .help = "Of all files together, in bytes."}});
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<FilesSize>(); };
    info.example = "mullion check files-size HOST --folder C:/inetpub/logs/ --critical-total 10GB";
    return info;
}

}  // namespace mullion::checks
