// How long ago the files of a folder were written. CIM_DataFile.LastModified.
#include <fmt/format.h>

#include "checks/levels.h"
#include "checks/modes/all.h"
#include "checks/modes/files.h"
#include "checks/when.h"

namespace mullion::checks {
namespace {

class FilesDate final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        MULLION_ASSIGN(levels_, Levels::of(setting.words, "warning", "critical"));
        return files_.prepare(setting.words);
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        return {files_.query("name, lastmodified")};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        MULLION_ASSIGN(const auto files, files_.of(rows));
        report.say(Status::ok, "All files times are ok.");
        say_files_missing(setting, rows, files.size(), report);
        for (const auto& file : files) MULLION_TRY(judge_file(setting, file, report));
        return {};
    }

private:
    [[nodiscard]] Result<void> judge_file(const Setting& setting, const Files::File& file,
                                          Report& report) const {
        auto written = moment(*file.row, "LastModified");
        if (!written.ok()) return std::move(written.error()).at_step(file.name);
        constexpr std::int64_t second = 1'000'000;
        const auto at = *written >= 0 ? *written / second : (*written - second + 1) / second;
        const auto age = unix_now(setting.clock) - at;
        const auto status = levels_.status_of(static_cast<double>(age));
        auto said = fmt::format("{}: {} seconds (time: {})", file.name, age, local_time(at));
        report.line(said);
        if (status != Status::ok) report.say(status, std::move(said));
        Perfdatum datum;
        datum.name = "file.mtime.last.seconds";
        datum.instances = {file.name};
        datum.value = std::to_string(age);
        datum.unit = "s";
        levels_.show(datum);
        report.add(std::move(datum));
        return {};
    }

    Files files_;
    Levels levels_;
};

}  // namespace

ModeInfo files_date_mode() {
    ModeInfo info;
    info.name = "files-date";
    info.help = "How long ago the files of a folder were written.";
    info.options = Files::options();
    info.options.push_back(
        {.name = "warning", .type_name = "RANGE", .help = "Of the age of each file, in seconds."});
    info.options.push_back(
        {.name = "critical", .type_name = "RANGE", .help = "Of the age of each file, in seconds."});
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<FilesDate>(); };
    info.example = "mullion check files-date HOST --folder C:/backup/ --critical 93600";
    return info;
}

}  // namespace mullion::checks
