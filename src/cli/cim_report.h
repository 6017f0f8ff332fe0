// The results of `mullion cim`: rows while they come, and what became of each host.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/cim_table.h"
#include "cli/closing.h"
#include "cli/fleet_state.h"
#include "cli/hosts.h"
#include "cli/report_json.h"
#include "cli/writer.h"
#include "client/cim.h"
#include "fleet/fleet.h"

namespace mullion::cli {

enum class CimFormat { automatic, table, list, json, jsonl };

struct CimShown {
    CimFormat format = CimFormat::automatic;
    std::vector<std::string> columns;             // That the query names, in its order.
    std::size_t max_rows = 0;                     // Of each host; 0: all.
    std::size_t output_limit = 16 * 1024 * 1024;  // Of each host, in json.
    std::string done;                             // Of a change, for people: "set", "deleted".
};

class CimReport final : public fleet::Visitor {
public:
    CimReport(const Hosts& hosts, FleetState& state, Writer& writer, client::CimVisit visit, CimShown shown);
    ~CimReport() override;

    Begin start(std::size_t host) override;
    void on_not_run(std::size_t host, fleet::NotRun why) override;
    void on_late(std::size_t host, Error warning) override;
    // When all have ended: what is said once.
    void finish(Duration elapsed);

private:
    class Rows;

    void on_outcome(std::size_t host, const std::shared_ptr<Rows>& rows, client::CimOutcome outcome);
    void tell_text(const std::string& host, const client::CimOutcome& outcome);
    void tell_end(const std::string& host, const client::CimOutcome& outcome);
    [[nodiscard]] std::string text_of(const std::string& host, const wsman::cim::Instance& row);
    void flush_table();

    const Hosts& hosts_;
    FleetState& state_;
    Writer& writer_;
    const client::CimVisit visit_;
    const bool enumerates_;
    const CimShown shown_;
    std::mutex table_mutex_;  // Rows come on several threads, and lines are written in their order.
    CimTable table_;
    Closing closing_;
    // Of the writer's thread; the items that wait there hold it, since they may outlive the report.
    const std::shared_ptr<Document> document_ = std::make_shared<Document>();
};

// One line each, without its end, schema 1. `columns` that the row lacks are null.
[[nodiscard]] std::string cim_row_json(const wsman::cim::Instance& row,
                                       const std::vector<std::string>& columns);
[[nodiscard]] std::string cim_row_object(const std::string& host, const wsman::cim::Instance& row,
                                         const std::vector<std::string>& columns);
// What became of a host that was asked this. `rows`, of an enumeration in json, is their JSON; null: they
// were told one by one.
struct CimHostRows {
    const std::string* json = nullptr;
    bool truncated = false;
};
[[nodiscard]] std::string cim_host_object(const std::string& host, const client::CimQuestion& asked,
                                          const client::CimOutcome& outcome, CimHostRows rows);

}  // namespace mullion::cli
