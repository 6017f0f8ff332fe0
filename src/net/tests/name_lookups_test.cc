// Names whose server does not answer cost those who ask for them their time, and nobody else anything.
#include "net/name_lookups.h"

#include "net/resolve.h"
#include "net/tests/hanging_names.h"
#include "net/tests/loop.h"

namespace mullion::net {
namespace {

using Addresses = Result<std::vector<SocketAddress>>;

class Names : public ::testing::Test {
protected:
    static Task<void> ask(NameLookups& names, Executor executor, std::string name, MonotonicTime deadline,
                          std::vector<Addresses>& answers) {
        answers.push_back(co_await names.find(executor, std::move(name), deadline));
    }

    testing::HangingNames server;
    Loop loop;
};

TEST_F(Names, AreFoundWhileOthersHang) {
    NameLookups names;
    std::vector<Addresses> hanging;
    for (int i = 0; i < 100; ++i)
        loop.start(ask(names, loop.executor(), std::to_string(i) + ".hangs.test", in_ms(200), hanging));
    const auto good = loop.run(names.find(loop.executor(), "a.counted.test", far_off()));
    ASSERT_TRUE(good.ok()) << good.error().message();
    EXPECT_EQ(address_text(good->front()), "127.0.0.1");
    EXPECT_TRUE(hanging.empty()) << "they have not come to their deadline";
    server.await_hanging(100);
}

TEST_F(Names, GiveUpAtTheDeadlineOfWhoAsks) {
    NameLookups names;
    const auto answer = loop.run(names.find(loop.executor(), "a.hangs.test", in_ms(20)));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().info().id, "net.name");
    EXPECT_EQ(answer.error().detail, "looking up a.hangs.test: no answer within the connect timeout");
}

TEST_F(Names, AreAskedForOnceHoweverManyWait) {
    NameLookups names;
    std::vector<Addresses> answers;
    for (int i = 0; i < 10; ++i)
        loop.start(ask(names, loop.executor(), "same.hangs.test", far_off(), answers));
    do {  // What is overdue is joined by who asks next.
        EXPECT_FALSE(loop.run(names.find(loop.executor(), "same.hangs.test", in_ms(1))).ok());
    } while (server.asked_for("same.hangs.test") == 0);
    server.release();
    while (answers.size() < 10)
        EXPECT_TRUE(loop.run(names.find(loop.executor(), "a.counted.test", far_off())).ok());
    EXPECT_EQ(server.asked_for("same.hangs.test"), 1);
    for (const auto& answer : answers) EXPECT_FALSE(answer.ok());
}

TEST_F(Names, BeyondTheBoundWaitForTheirOwnDeadlineOnly) {
    NameLookups names(2);
    std::vector<Addresses> hanging;
    for (const std::string name : {"a.hangs.test", "b.hangs.test"})
        loop.start(ask(names, loop.executor(), name, far_off(), hanging));
    const auto late = loop.run(names.find(loop.executor(), "c.counted.test", in_ms(20)));
    ASSERT_FALSE(late.ok());
    EXPECT_NE(late.error().detail.find("too many other names"), std::string::npos) << late.error().detail;
    server.await_hanging(2);
    server.release();
    EXPECT_TRUE(loop.run(names.find(loop.executor(), "c.counted.test", far_off())).ok());
    EXPECT_EQ(server.asked_for("c.counted.test"), 1) << "what nobody waits for is not looked up";
}

TEST_F(Names, MayHangLongerThanWhoAskedLives) {
    {
        NameLookups names;
        Loop short_lived;
        while (server.asked_for("a.hangs.test") == 0)
            EXPECT_FALSE(short_lived.run(names.find(short_lived.executor(), "a.hangs.test", in_ms(1))).ok());
    }
    server.release();
}

TEST_F(Names, ThatAreAddressesAskNobody) {
    WorkerPool pool(1);
    for (const std::string text : {"127.0.0.1", "::1", "fe80::1%lo"}) {
        const auto found = loop.run(resolve(loop.executor(), pool, text, 5985, far_off()));
        ASSERT_TRUE(found.ok()) << text;
        EXPECT_EQ(address_port(found->front()), 5985) << text;
        EXPECT_EQ(address_text(found->front()), text);
    }
}

}  // namespace
}  // namespace mullion::net
