#include "kerberos/library.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace mullion::kerberos {
namespace {

TEST(Library, IsLoadedOnceForAllThreads) {
    std::vector<const Library*> found(8, nullptr);
    std::vector<std::thread> threads;
    for (auto& place : found) {
        threads.emplace_back([&place] {
            const auto table = library();
            if (table) place = *table;
        });
    }
    for (auto& thread : threads) thread.join();
    ASSERT_NE(found.front(), nullptr);
    for (const auto* one : found) EXPECT_EQ(one, found.front());
    EXPECT_EQ(&loaded_library(), found.front());
    krb5_context context = nullptr;
    ASSERT_EQ(loaded_library().krb5_init_context(&context), 0);
    EXPECT_FALSE(message_of(loaded_library(), context, KRB5KDC_ERR_PREAUTH_FAILED).empty());
    loaded_library().krb5_free_context(context);
}

TEST(Library, SaysWhichFileIsMissing) {
    const auto none = load_library("libkrb5.so.3", "libgssapi_none.so.9");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().id, ErrorId::kerberos_library);
    EXPECT_NE(none.error().detail.find("libgssapi_none.so.9"), std::string::npos);
}

TEST(Library, SaysWhatAnotherLibraryLacks) {
    // Heimdal's, or an older one, under the same name.
    const auto other = load_library("libm.so.6", "libgssapi_krb5.so.2");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().info().id, "kerberos.library");
    EXPECT_EQ(other.error().detail, "libm.so.6 has no krb5_init_context");
}

}  // namespace
}  // namespace mullion::kerberos
