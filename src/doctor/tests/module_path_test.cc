#include "doctor/module_path.h"

#include <gtest/gtest.h>

#include "encoding/base64.h"
#include "encoding/utf16.h"

namespace mullion::doctor {
namespace {

TEST(ModulePath, ItsFailureIsKnownHoweverItIsWrapped) {
    for (const auto* said : {
             "The 'Out-String' command was found in the module 'Microsoft.PowerShell.Utility', but the "
             "module "
             "could not be loaded. For more information, run 'Import-Module Microsoft.PowerShell.Utility'.",
             "the module \r\ncould not be lo\r\naded",
             "#< CLIXML\r\n<Objs Version=\"1.1.0.1\"><S S=\"Error\">but the module could not be "
             "loaded._x000D__x000A_</S></Objs>",
             "<S S=\"Error\">but the modu_x000D__x000A_</S><S S=\"Error\">le could not be loaded</S>",
             "    + FullyQualifiedErrorId : CouldNotAutoloadMatchingModule",
             "+ FullyQualifiedErrorId : CouldNotAutoLoadModule",
         })
        EXPECT_TRUE(tells_module_failure(said)) << said;
}

TEST(ModulePath, NothingElseIsIt) {
    for (const auto* said :
         {"", "mullion", "'powershell' is not recognized as an internal or external command",
          "the module was loaded", "<the module could not be loaded>"})
        EXPECT_FALSE(tells_module_failure(said)) << said;
}

TEST(ModulePath, ItsSharesAreFound) {
    const auto shares =
        shares_in("C:\\Users\\a\\Modules;\\\\files\\m;C:\\W;\\\\files2\\m two\r\nmullion\r\n");
    EXPECT_EQ(shares, (std::vector<std::string>{"\\\\files\\m", "\\\\files2\\m two"}));
    EXPECT_TRUE(shares_in("C:\\a;C:\\b\\\\c\r\n").empty());
    EXPECT_TRUE(shares_in("").empty());
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "\\\\" + std::string(5000, 'x') + ";";
    EXPECT_LE(shares_in(many).size(), 8U);
    EXPECT_LE(shares_in(many).front().size(), 200U);
}

TEST(ModulePath, IsAskedForInAnEncodedCommand) {
    const auto probe = module_probe();
    const std::string begin = "powershell -NoProfile -NonInteractive -EncodedCommand ";
    ASSERT_TRUE(probe.starts_with(begin)) << probe;
    const auto bytes = encoding::base64_decode(probe.substr(begin.size()));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(encoding::utf16_to_utf8(*bytes, encoding::ByteOrder::little),
              "$env:PSModulePath; 'mullion' | Out-String");
}

}  // namespace
}  // namespace mullion::doctor
