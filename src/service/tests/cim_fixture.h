// A service in memory that has CIM, answered by a test.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "service/access/access_rules.h"
#include "service/cim/cim_resources.h"
#include "service/tests/played_cim.h"
#include "service/tests/service_fixture.h"
#include "wsman/cim/enumeration.h"

namespace mullion::service::testing {

class Lines final : public Logger {
public:
    [[nodiscard]] bool enabled(LogLevel /*level*/) const override { return true; }
    void write(LogLevel /*level*/, std::string_view line) override { all.emplace_back(line); }
    [[nodiscard]] bool has(std::string_view part) const {
        return std::any_of(all.begin(), all.end(),
                           [&](const auto& line) { return line.find(part) != std::string::npos; });
    }
    std::vector<std::string> all;
};

class CimFixture : public ServiceFixture {
protected:
    static constexpr const char* services =
        "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";

    // `patience`: with what nobody pulls from.
    explicit CimFixture(Duration patience = CimItems::patience)
        : resources({io.get_executor(), played, shells.operations(), lines, &refusals, patience}),
          whole({shells,
                 settings,
                 random,
                 null_logger(),
                 "testhost",
                 {"6.1.0"},
                 nullptr,
                 nullptr,
                 nullptr,
                 plain_tokens(),
                 &rules,
                 nullptr,
                 &resources}) {}

    Pending begin_asking(std::string body, const std::string& user = "alice",
                         std::shared_ptr<channel::Departure> departure = nullptr, bool administrator = true) {
        auto in = incoming(std::move(body), user, administrator);
        in.departure = std::move(departure);
        return begin_asking(std::move(in));
    }
    Pending begin_asking(channel::Incoming in) {
        auto answer = std::make_shared<std::optional<channel::Outgoing>>();
        auto task = whole.handle(std::move(in));
        boost::asio::co_spawn(io, std::move(task), [answer](std::exception_ptr bug, channel::Outgoing out) {
            EXPECT_FALSE(bug);
            *answer = std::move(out);
        });
        settle();
        return answer;
    }
    channel::Outgoing ask(std::string body, const std::string& user = "alice", bool administrator = true) {
        return finish(begin_asking(std::move(body), user, nullptr, administrator));
    }
    std::string enumerate_body(std::optional<std::uint32_t> most, bool optimize = true) {
        wsman::Enumerate what;
        what.optimize = optimize;
        what.max_elements = most;
        return wsman::write_enumerate(request, message_id(), services, {}, what);
    }
    std::string pull_body(const std::string& context, std::uint32_t most = 100) {
        return wsman::write_pull(request, message_id(), services, wsman::Pull{context, most});
    }
    std::string request_body(std::string_view action, std::string_view resource,
                             std::vector<wsman::Selector> selectors = {},
                             std::vector<wsman::Option> options = {}) {
        wsman::RequestHead head{action, resource, message_id(), std::move(selectors), std::move(options)};
        return wsman::write_request(request, head, [](xml::Writer& out) { out.open("p:Nothing").close(); });
    }
    wsman::Batch enumerated(const channel::Outgoing& out) {
        auto batch = wsman::read_enumerate_response(understood(out));
        EXPECT_TRUE(batch.ok()) << out.body;
        return batch.ok() ? std::move(*batch) : wsman::Batch{};
    }
    wsman::Batch pulled(const channel::Outgoing& out) {
        auto batch = wsman::read_pull_response(understood(out));
        EXPECT_TRUE(batch.ok()) << out.body;
        return batch.ok() ? std::move(*batch) : wsman::Batch{};
    }
    PlayedAnswer& answer(std::size_t index = 0) { return *played.asked.at(index); }
    void set_rules(const std::vector<state::SecurityEntry>& entries) {
        auto made = AccessRules::make(state::default_root_sddl, entries);
        ASSERT_TRUE(made.ok());
        rules.set(std::move(*made));
    }

    // Until something has come true that takes time.
    void wait_for(const std::function<bool()>& what) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        io.restart();
        while (!what() && std::chrono::steady_clock::now() < until) io.run_one_until(until);
        EXPECT_TRUE(what());
    }

    PlayedCim played{io.get_executor()};
    Lines lines;
    CimLog refusals{lines, clock};
    AccessRulesHolder rules;
    CimResources resources;
    Dispatcher whole;
};

}  // namespace mullion::service::testing
