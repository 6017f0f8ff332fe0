#include "client/enumeration_walk.h"

#include <gtest/gtest.h>

#include "wsman/enumeration.h"
#include "wsman/wire.h"

namespace mullion::client {
namespace {

using Items = std::vector<std::string>;

wsman::Message first(const wsman::Batch& batch) {
    return wsman::read_message(wsman::write_enumerate_response("uuid:A", "uuid:B", batch),
                               wsman::wire_limits(100'000))
        .value();
}

wsman::Message pulled(const wsman::Batch& batch) {
    return wsman::read_message(wsman::write_pull_response("uuid:A", "uuid:B", batch),
                               wsman::wire_limits(100'000))
        .value();
}

TEST(EnumerationWalk, GoesOnUntilTheEnd) {
    EnumerationWalk walk{EnumerationLimits()};
    EXPECT_FALSE(walk.begun() || walk.ended());
    EXPECT_EQ(walk.take(first({"c1", {"<a/>"}, false})).value(), Items{"<a/>"});
    EXPECT_TRUE(walk.begun() && !walk.ended());
    EXPECT_EQ(walk.context(), "c1");
    EXPECT_EQ(walk.take(pulled({"c2", {"<b/>"}, false})).value(), Items{"<b/>"});
    EXPECT_EQ(walk.context(), "c2");
    EXPECT_EQ(walk.take(pulled({"", {}, true})).value(), Items{});
    EXPECT_TRUE(walk.ended());
}

TEST(EnumerationWalk, FailsWhereNothingCouldBePulled) {
    EnumerationWalk walk{EnumerationLimits()};
    EXPECT_FALSE(walk.take(first({"", {"<a/>"}, false})).ok()) << "what it has given is not all there is";
    EXPECT_FALSE(walk.begun());
}

TEST(EnumerationWalk, TakesNoMoreThanItsLimits) {
    EnumerationWalk walk{{.items = 3, .empty_batches = 1}};
    EXPECT_TRUE(walk.take(first({"c", {"<a/>", "<a/>", "<a/>"}, false})).ok());
    EXPECT_TRUE(walk.take(pulled({"c", {}, false})).ok());
    EXPECT_EQ(walk.take(pulled({"c", {}, false})).error().id, ErrorId::wsman_malformed);
    EnumerationWalk many{{.items = 1, .empty_batches = 1}};
    EXPECT_EQ(many.take(first({"c", {"<a/>", "<a/>"}, false})).error().id, ErrorId::wsman_malformed);
    EXPECT_EQ(many.context(), "c") << "what the host keeps for it can be released";
    EnumerationWalk last{{.items = 1, .empty_batches = 1}};
    EXPECT_TRUE(last.take(first({"", {"<a/>", "<a/>"}, true})).ok()) << "it has come, and is all there is";
}

TEST(EnumerationWalk, ReadsTheAnswerThatItsQuestionHas) {
    EnumerationWalk walk{EnumerationLimits()};
    EXPECT_FALSE(walk.take(pulled({"c", {}, false})).ok());
    EXPECT_TRUE(walk.take(first({"c", {}, false})).ok());
    EXPECT_FALSE(walk.take(first({"c", {}, false})).ok());
}

}  // namespace
}  // namespace mullion::client
