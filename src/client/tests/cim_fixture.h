// One question about CIM against the fake host, what is behind it included, in virtual time.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "client/cim_visit.h"
#include "client/tests/fake_host.h"
#include "client/tests/virtual_time.h"

namespace mullion::client::testing {

inline wsman::cim::Value text(std::string value) {
    return wsman::cim::Value(wsman::cim::Scalar(std::string_view(value)));
}

class Rows final : public CimSink {
public:
    bool on_row(CimRow row) override {
        const auto* name = row.instance.find("Name");
        names.push_back(name != nullptr ? name->values.front().text : "?");
        if (row.reference) references.push_back(row.reference->resource_uri);
        if (throws) throw std::runtime_error("a bug of the caller's");
        return names.size() < most;
    }
    bool ready(std::function<void()> resume) override {
        ++asked;
        return !is_full || !is_full(std::move(resume));
    }
    std::vector<std::string> names, references;
    std::size_t most = 1'000'000;
    bool throws = false;
    int asked = 0;
    std::function<bool(std::function<void()> resume)> is_full;  // Whether it keeps `resume`.
};

class CimFixture : public ::testing::Test {
protected:
    CimFixture() {
        wsman::RequestSettings settings;
        settings.to = "http://fake:5985/wsman";
        connections.emplace(
            "fake", settings, [this] { return host.make_link(); }, time.io.get_executor(), time, random);
        visit.question = cim_query("SELECT Name FROM Win32_Service");
        host.cim.instance = {"Win32_Service", format_class_uri(cim_class("Win32_Service").of), "", {}};
        host.cim.instance.set("Name", text("spooler"))
            .set("StartMode", text("Auto"))
            .set("Note", wsman::cim::Value());
    }

    CimOutcome go() {
        outcome.reset();
        finished = false;
        boost::asio::co_spawn(time.io, run(), boost::asio::detached);
        EXPECT_TRUE(time.drive([this] { return finished; })) << "it hangs";
        return std::move(*outcome);
    }

    net::Task<void> run() {
        CimConversation conversation(visit, &rows);
        try {
            co_await conversation.converse(*connections, stop);
        } catch (const std::runtime_error&) {
            threw = true;
        }
        outcome.emplace(conversation.take());
        co_await conversation.tidy(*connections);
        finished = true;
    }

    void expect_rows(std::size_t from, std::size_t to) {
        std::vector<std::string> wanted;
        for (auto i = from; i < to; ++i) wanted.push_back("row" + std::to_string(i));
        EXPECT_EQ(rows.names, wanted);
    }

    void after(Duration delay, std::function<void()> action) {
        boost::asio::co_spawn(time.io, call_after(delay, std::move(action)), boost::asio::detached);
    }
    net::Task<void> call_after(Duration delay, std::function<void()> action) {
        Alarm none;
        co_await time.sleep(later(time.now(), delay), none);
        action();
    }

    VirtualTime time;
    FakeHost host{time};
    CountingRandom random;
    std::optional<Host> connections;
    Alarm stop;
    CimVisit visit;
    Rows rows;
    std::optional<CimOutcome> outcome;
    bool finished = false;
    bool threw = false;
};

}  // namespace mullion::client::testing
