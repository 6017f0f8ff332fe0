#include "checks/centreon_line.h"

#include <gtest/gtest.h>

#include <set>

#include "checks/centreon_options.h"

namespace mullion::checks {
namespace {

using Kind = OptionSpec::Kind;
using Line = std::vector<std::string_view>;

const std::vector<OptionSpec> specs{{"verbose", Kind::flag},
                                    {"mode", Kind::value},
                                    {"change-exit", Kind::list},
                                    {"warning-memory-usage-bytes", Kind::value},
                                    {"warning-usage", Kind::value, "", "", "", "warning-memory-usage-bytes"}};

Words read(Line words) {
    CentreonLine line(std::move(words));
    Words into;
    const auto taken = line.take_rest(specs, into);
    EXPECT_TRUE(taken.ok()) << taken.error().detail;
    return into;
}

std::string refusal(Line words) {
    CentreonLine line(std::move(words));
    Words into;
    const auto taken = line.take_rest(specs, into);
    return taken.ok() ? "" : taken.error().detail;
}

TEST(CentreonLine, AValueStandsBehindTheSignOrIsTheNextWord) {
    EXPECT_EQ(read({"--mode=cpu"}).get("mode"), "cpu");
    EXPECT_EQ(read({"--mode", "cpu"}).get("mode"), "cpu");
    EXPECT_EQ(read({"--mode=a=b"}).get("mode"), "a=b");
    EXPECT_EQ(read({"--mode", "-1:1"}).get("mode"), "-1:1");
    EXPECT_EQ(read({"--mode=two\nlines"}).get("mode"), "two\nlines");
}

TEST(CentreonLine, AnEmptyValueTakesTheNextWord) {
    EXPECT_EQ(read({"--mode=", "cpu"}).get("mode"), "cpu");
    EXPECT_EQ(read({"--mode="}).get("mode"), "");
    EXPECT_EQ(read({"--mode", ""}).get("mode"), "");
    EXPECT_EQ(read({"--mode", "--verbose"}).get("mode"), "");
    EXPECT_TRUE(read({"--mode", "--verbose"}).has("verbose"));
}

TEST(CentreonLine, AFlagTakesTheNextWordTooAndZeroLeavesItUnset) {
    EXPECT_TRUE(read({"--verbose", "anything"}).has("verbose"));
    EXPECT_FALSE(read({"--verbose", "0"}).has("verbose"));
    EXPECT_FALSE(read({"--verbose=0"}).has("verbose"));
    EXPECT_TRUE(read({"--verbose=no"}).has("verbose"));
}

TEST(CentreonLine, TheLastOneWinsAndListsCollect) {
    EXPECT_EQ(read({"--mode=a", "--mode=b"}).get("mode"), "b");
    const auto words = read({"--change-exit=a", "--change-exit", "b"});
    EXPECT_EQ(std::vector<std::string>(words.all("change-exit").begin(), words.all("change-exit").end()),
              (std::vector<std::string>{"a", "b"}));
}

TEST(CentreonLine, TwoNamesOfOneOptionAreOne) {
    EXPECT_EQ(read({"--warning-usage=1", "--warning-memory-usage-bytes=2"}).get("warning-memory-usage-bytes"),
              "2");
    EXPECT_EQ(read({"--warning-memory-usage-bytes=2", "--warning-usage=1"}).get("warning-memory-usage-bytes"),
              "1");
    EXPECT_FALSE(read({"--warning-usage=1"}).has("warning-usage"));
}

TEST(CentreonLine, TheFirstWordThatNobodyKnowsEndsIt) {
    EXPECT_EQ(refusal({"--nope=5", "--also"}), "Unknown option: nope");
    EXPECT_EQ(refusal({"--mod", "cpu"}), "Unknown option: mod");
    EXPECT_EQ(refusal({"--"}), "Unknown option: ");
    EXPECT_EQ(refusal({"--mode", "a", "-v"}), "");  // It is the first that is left over.
    EXPECT_EQ(refusal({"stray"}), "");
    EXPECT_EQ(refusal({"stray", "other"}), "argument other alone");
    EXPECT_EQ(refusal({"stray", "--mode=a", "other"}), "argument other alone");
}

TEST(CentreonLine, ARoundLeavesWhatItDoesNotKnow) {
    CentreonLine line({"--hostname", "web01", "--mode", "cpu", "--warning-usage=5"});
    Words into;
    line.take(std::span(specs).subspan(0, 2), into);
    EXPECT_EQ(into.get("mode"), "cpu");
    EXPECT_FALSE(into.has("warning-memory-usage-bytes"));
    const auto rest = line.take_rest(specs, into);
    ASSERT_FALSE(rest.ok());
    EXPECT_EQ(rest.error().detail, "Unknown option: hostname");
}

TEST(CentreonLine, ASecretIsInNoWordsAndAllOfItIsNamed) {
    CentreonLine line(
        {"--mode=cpu", "--wsman-password=one", "--wsman-password", "two", "--wsman-password", "--verbose"});
    std::vector<std::string_view> parts;
    EXPECT_EQ(line.take_secret("wsman-password", parts), "");  // The last counts, and it is empty.
    EXPECT_EQ(parts, (Line{"one", "two"}));
    EXPECT_FALSE(line.take_secret("wsman-password", parts));
    Words into;
    EXPECT_TRUE(line.take_rest(specs, into).ok());
    EXPECT_TRUE(into.has("verbose"));
}

TEST(CentreonLine, EveryTruncationOfALineIsReadOrRefused) {
    const std::string whole = "--warning-usage=10:20";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        CentreonLine line({std::string_view(whole).substr(0, size), "next"});
        Words into;
        const bool taken = line.take_rest(specs, into).ok();
        EXPECT_EQ(taken, size >= std::string_view("--warning-usage").size()) << size;
    }
}

TEST(CentreonOptions, EachNameIsThereOnce) {
    std::set<std::string> names;
    for (const auto* list :
         {&centreon_global_options(), &centreon_plugin_options(), &centreon_wsman_options()})
        for (const auto& option : *list) EXPECT_TRUE(names.insert(option.name).second) << option.name;
}

}  // namespace
}  // namespace mullion::checks
