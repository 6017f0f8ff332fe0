#include "cli/cim_report.h"

#include <fmt/format.h>

#include <utility>

#include "cli/cim_advice.h"
#include "cli/cim_return_words.h"
#include "cli/masking.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "client/cim_text.h"

namespace mullion::cli {
namespace {

constexpr std::size_t object_size = 1024;  // About, without its rows.

// DSP0004: 0 is success, and 4096 that a job goes on with it. What is no number says nothing.
bool says_no(const client::CimOutcome& outcome) {
    if (!outcome.method) return false;
    const auto value = outcome.method->return_value.as(wsman::cim::Type::uint32);
    const auto* number = value ? std::get_if<std::uint64_t>(&*value) : nullptr;
    return number != nullptr && *number != 0 && *number != 4096;
}

std::string prefixed(const std::string& host, const std::string& lines) {
    std::string text;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        text += fmt::format("{} | {}\n", printable(host), lines.substr(at, end - at));
        at = end + 1;
    }
    return text;
}

std::string brief(const std::string& host, const client::CimOutcome& outcome) {
    if (!outcome.error) return brief_status(host, outcome.status, outcome.duration, outcome.reason);
    auto status = brief_status(host, outcome.status, outcome.duration, outcome.reason);
    status.pop_back();
    auto error = masked(*outcome.error);
    error.host.clear();
    return fmt::format("{}: {} [{}]\n", status, printable(error.message()), error.info().id);
}

std::string lines_of(const client::CimInvoke& asked, const wsman::cim::MethodResult& result) {
    auto lines = cim_lines(result.outputs);
    if (result.return_value.is_null()) return lines;
    lines += "ReturnValue = " + printable(client::cim_text(result.return_value));
    if (const auto words = cim_return_words(asked, result)) lines += fmt::format(" ({})", *words);
    return lines + "\n";
}

CimShown settled(CimShown shown) {
    if (shown.format == CimFormat::automatic)
        shown.format = shown.columns.empty() ? CimFormat::list : CimFormat::table;
    return shown;
}

}  // namespace

// What one host in progress has.
class CimReport::Rows final : public client::CimSink {
public:
    Rows(CimReport& report, std::string host)
        : report_(report), host_(std::move(host)), flow_(std::make_shared<Writer::Flow>()) {}

    bool on_row(client::CimRow row) override {
        const auto& shown = report_.shown_;
        mask(row.instance);
        switch (shown.format) {
            case CimFormat::json:
                return keep(cim_row_json(row.instance, shown.columns)) && wants_more();
            case CimFormat::jsonl:
                write(cim_row_object(host_, row.instance, shown.columns) + "\n");
                break;
            case CimFormat::table: {
                const std::lock_guard lock(report_.table_mutex_);
                write(report_.table_.add(host_, row.instance));
                break;
            }
            default:
                write(report_.text_of(host_, row.instance));
        }
        return wants_more();
    }
    bool ready(std::function<void()> resume) override {
        return report_.writer_.ready(flow_, std::move(resume));
    }

    std::string json;  // Of its rows.
    bool truncated = false;

private:
    bool wants_more() { return ++count_ != report_.shown_.max_rows; }
    bool keep(const std::string& row) {
        truncated = json.size() + row.size() > report_.shown_.output_limit;
        if (truncated) return false;
        if (!json.empty()) json += ',';
        json += row;
        return true;
    }
    void write(std::string text) {
        if (!text.empty()) report_.writer_.result(false, std::move(text), flow_);
    }

    CimReport& report_;
    const std::string host_;
    const Writer::FlowPtr flow_;
    std::size_t count_ = 0;
};

CimReport::CimReport(const Hosts& hosts, FleetState& state, Writer& writer, client::CimVisit visit,
                     CimShown shown)
    : hosts_(hosts),
      state_(state),
      writer_(writer),
      visit_(std::move(visit)),
      enumerates_(std::holds_alternative<wsman::cim::Enumeration>(visit_.question)),
      shown_(settled(std::move(shown))),
      table_(shown_.columns, state.several()) {}
CimReport::~CimReport() = default;

fleet::Visitor::Begin CimReport::start(std::size_t host) {
    const auto rows = std::make_shared<Rows>(*this, hosts_.name(host));
    return [this, host, rows](client::Session& session, Ended ended) {
        client::Cim(session).ask_async(
            visit_, rows.get(), [this, host, rows, ended = std::move(ended)](client::CimOutcome outcome) {
                // An errand can be copied, and what was read of a host need not be.
                const auto told = std::make_shared<client::CimOutcome>(std::move(outcome));
                ended([this, host, rows, told] { on_outcome(host, rows, std::move(*told)); });
            });
    };
}

void CimReport::on_not_run(std::size_t host, fleet::NotRun why) {
    client::CimOutcome outcome;
    outcome.status = why.error ? why.error->info().status : Status::skipped;
    outcome.error = std::move(why.error);
    outcome.reason = std::move(why.reason);
    on_outcome(host, nullptr, std::move(outcome));
}

void CimReport::on_late(std::size_t host, Error warning) {
    writer_.note(state_.several() ? mullion::cli::brief(hosts_.name(host), warning) : describe(warning));
}

void CimReport::on_outcome(std::size_t host, const std::shared_ptr<Rows>& rows, client::CimOutcome outcome) {
    const auto name = hosts_.name(host);
    if (outcome.status == Status::ok && says_no(outcome)) outcome.status = Status::failed;
    mask(outcome);
    explain(outcome);
    state_.ended(host, outcome.status, outcome.error);
    if (shown_.format != CimFormat::json && shown_.format != CimFormat::jsonl) {
        flush_table();
        tell_text(name, outcome);
        return;
    }
    CimHostRows kept;
    const std::string none;
    if (shown_.format == CimFormat::json && enumerates_) kept.json = rows ? &rows->json : &none;
    if (rows && rows->truncated) {  // The row that did not fit was the last that was asked for.
        kept.truncated = true;
        outcome.complete = false;
        --outcome.rows;
    }
    auto object = cim_host_object(name, visit_.question, outcome, kept);
    const auto size = object.size() + object_size;
    writer_.result(size, [document = shown_.format == CimFormat::json ? document_ : nullptr,
                          object = std::move(object)]() mutable {
        return document ? document->add(std::move(object)) : std::move(object) + "\n";
    });
}

std::string CimReport::text_of(const std::string& host, const wsman::cim::Instance& row) {
    auto lines = cim_lines(row);
    if (enumerates_) lines += "\n";
    return state_.several() ? prefixed(host, lines) : lines;
}

void CimReport::flush_table() {
    const std::lock_guard lock(table_mutex_);
    if (auto text = table_.flush(); !text.empty()) writer_.result(false, std::move(text));
}

void CimReport::tell_text(const std::string& host, const client::CimOutcome& outcome) {
    std::string lines;
    if (outcome.instance) lines = text_of(host, *outcome.instance);
    if (outcome.created) lines = printable(client::cim_path(*outcome.created)) + "\n";
    if (outcome.method) lines = lines_of(std::get<client::CimInvoke>(visit_.question), *outcome.method);
    if (!outcome.instance && state_.several()) lines = prefixed(host, lines);
    if (!lines.empty()) writer_.result(false, std::move(lines));
    tell_end(host, outcome);
}

void CimReport::tell_end(const std::string& host, const client::CimOutcome& outcome) {
    const auto name = printable(host);
    if (outcome.status == Status::ok) {
        if (enumerates_ && !outcome.complete)
            writer_.note(fmt::format("{}: the first {} rows; there are more\n", name, outcome.rows));
        else if (enumerates_ && outcome.rows == 0 && writer_.writes_to_terminal(true))
            writer_.note(name + ": no rows\n");
        else if (!shown_.done.empty())
            writer_.note(fmt::format("{}: {} in {}\n", name, shown_.done, seconds(outcome.duration)));
    } else if (!state_.several()) {
        const auto error = outcome.error ? describe(*outcome.error) : std::string();
        writer_.note(error + brief_status(host, outcome.status, outcome.duration, outcome.reason));
    } else if (!outcome.error || closing_.add(host, *outcome.error)) {
        writer_.note(brief(host, outcome));
    }
}

void CimReport::finish(Duration elapsed) {
    flush_table();
    const auto tally = state_.tally();
    if (shown_.format == CimFormat::json)
        writer_.result(0, [document = document_, tally] { return document->end(tally); });
    else if (shown_.format != CimFormat::jsonl && state_.several())
        writer_.note(closing_.text(tally, elapsed));
}

}  // namespace mullion::cli
