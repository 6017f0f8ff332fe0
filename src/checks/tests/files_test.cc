#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"
#include "checks/wql_text.h"

namespace mullion::checks::tests {
namespace {

// Times in each form that hosts send: 2012's, 2003's of DMTF, without a fraction, with an offset.
const std::vector<std::string_view> dated = {
    R"(<LastModified><cim:Datetime>2026-03-10T11:30:00.262291Z</cim:Datetime></LastModified><Name>c:\data\export.csv</Name>)",
    R"(<LastModified>20260309120000.100000+000</LastModified><Name>c:\data\it's a "name" é.txt</Name>)",
    R"(<LastModified><cim:Datetime>2025-12-24T00:00:36+01:00</cim:Datetime></LastModified><Name> c:\data\big.bak </Name>)",
    R"(<LastModified><cim:Datetime>2026-03-10T12:00:00Z</cim:Datetime></LastModified><Name>c:\data\now.log</Name>)",
};

TEST(FilesDate, AgesAreCountedFromThisMachinesClock) {
    const auto played =
        play(files_date_mode(),
             {.words = words_of({{"folder", "C:/data/"}, {"warning", "3600"}, {"critical", "86400"}}),
              .answers = {rows(dated)}});
    EXPECT_EQ(played.wql(),
              R"(Select name, lastmodified from CIM_DataFile where drive = "C:" AND path = "\\data\\")");
    EXPECT_EQ(played.text,
              "CRITICAL: c:\\data\\big.bak: 6613164 seconds (time: Tue Dec 23 23:00:36 2025) "
              "WARNING: c:\\data\\it's a \"name\" é.txt: 86400 seconds (time: Mon Mar  9 12:00:00 2026) "
              "| 'c:\\data\\export.csv#file.mtime.last.seconds'=1800s;0:3600;0:86400;; "
              "'c:\\data\\it''s a \"name\" é.txt#file.mtime.last.seconds'=86400s;0:3600;0:86400;; "
              "'c:\\data\\big.bak#file.mtime.last.seconds'=6613164s;0:3600;0:86400;; "
              "'c:\\data\\now.log#file.mtime.last.seconds'=0s;0:3600;0:86400;;\n"
              "c:\\data\\export.csv: 1800 seconds (time: Tue Mar 10 11:30:00 2026)\n"
              "c:\\data\\it's a \"name\" é.txt: 86400 seconds (time: Mon Mar  9 12:00:00 2026)\n"
              "c:\\data\\big.bak: 6613164 seconds (time: Tue Dec 23 23:00:36 2025)\n"
              "c:\\data\\now.log: 0 seconds (time: Tue Mar 10 12:00:00 2026)\n");
    EXPECT_EQ(played.exit_code, 2);
}

TEST(FilesDate, NoFileIsUnknown) {
    const auto played =
        play(files_date_mode(), {.words = words_of({{"folder", "C:/data/"}}), .answers = {rows({})}});
    EXPECT_EQ(played.text, "UNKNOWN: No file found. \n");
    Stage filtered{.words = words_of({{"folder", "C:/data/"}, {"filter-filename", "nosuch"}}),
                   .answers = {rows(dated)}};
    EXPECT_EQ(play(files_date_mode(), filtered).text, "UNKNOWN: No file found. \n");
    filtered.compat = true;
    EXPECT_EQ(play(files_date_mode(), filtered).text, "OK: All files times are ok. \n");
}

TEST(FilesDate, ATimeThatIsNoneNamesTheFile) {
    const auto played =
        play(files_date_mode(),
             {.words = words_of({{"folder", "C:/data/"}}),
              .answers = {rows({R"(<Name>c:\a</Name><LastModified>yesterday</LastModified>)"})}});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->id, ErrorId::wsman_malformed);
    EXPECT_EQ(played.error->step, "c:\\a");
}

TEST(FilesDate, AFolderIsNeeded) {
    for (const auto* folder : {"", "data"}) {
        const auto played = play(files_date_mode(), {.words = words_of({{"folder", folder}})});
        ASSERT_TRUE(played.error);
        EXPECT_EQ(played.error->id, ErrorId::usage_invalid);
    }
    EXPECT_EQ(play(files_date_mode(), {}).error->detail, "Need to specify folder option.");
}

TEST(Folders, AreWrittenInAnyWay) {
    for (const auto* text : {"C:/data/logs/", "C:\\data\\logs\\", "C:\\\\data\\\\logs\\\\", "C:/data/logs"}) {
        Folder folder;
        ASSERT_TRUE(split_folder(text, folder));
        EXPECT_EQ(folder.drive, "C:");
        EXPECT_EQ(folder.path, "\\data\\logs\\");
    }
    Folder root;
    ASSERT_TRUE(split_folder("d:", root));
    EXPECT_EQ(root.path, "\\");
    for (const auto* text : {"/var/log", "/var//log/"}) {
        Folder folder;
        ASSERT_TRUE(split_folder(text, folder));
        EXPECT_EQ(folder.drive, "");
        EXPECT_EQ(folder.path, "/var/log/");
    }
    ASSERT_TRUE(split_folder("/", root));
    EXPECT_EQ(root.path, "/");
    ASSERT_TRUE(split_folder(R"(/a\b)", root));
    EXPECT_EQ(root.path, R"(/a\b/)");
    for (const auto* text : {"", "C", "\\\\server\\share", "1:/"})
        EXPECT_FALSE(split_folder(text, root)) << text;
}

const std::vector<std::string_view> sized = {
    R"(<FileSize>1048576</FileSize><Name>c:\data\export.csv</Name>)",
    R"(<FileSize>37</FileSize><Name>c:\data\it's.txt</Name>)",
    R"(<FileSize>5368709120</FileSize><Name>c:\data\big.bak</Name>)",
};

TEST(FilesSize, EachAndTheTotalAreJudged) {
    const auto played = play(
        files_size_mode(),
        {.words = words_of({{"folder", "C:/data/"}, {"warning-one", "1GB"}, {"critical-total", "~:5GB"}}),
         .answers = {rows(sized)}});
    EXPECT_EQ(played.wql(),
              R"(Select name,filesize from CIM_DataFile where drive = "C:" AND path = "\\data\\")");
    EXPECT_EQ(played.text,
              "CRITICAL: Total size is 5.00 GB WARNING: 'c:\\data\\big.bak' size is 5.00 GB "
              "| 'c:\\data\\export.csv#file.size.bytes'=1048576B;0:1073741824;;0; "
              "'c:\\data\\it''s.txt#file.size.bytes'=37B;0:1073741824;;0; "
              "'c:\\data\\big.bak#file.size.bytes'=5368709120B;0:1073741824;;0; "
              "'files.size.bytes'=5369757733B;;~:5368709120;0;\n"
              "c:\\data\\export.csv: 1.00 MB\n"
              "c:\\data\\it's.txt: 37.00 B\n"
              "c:\\data\\big.bak: 5.00 GB\n"
              "Total: 5.00 GB\n");
}

TEST(FilesSize, NoFileIsUnknown) {
    const auto played =
        play(files_size_mode(), {.words = words_of({{"folder", "C:/nosuch"}}), .answers = {rows({})}});
    EXPECT_EQ(played.text, "UNKNOWN: No file found. | 'files.size.bytes'=0B;;;0;\nTotal: 0.00 B\n");
}

TEST(FilesSize, ASizeThatIsNullIsNoAnswer) {
    const auto played =
        play(files_size_mode(),
             {.words = words_of({{"folder", "C:/"}}),
              .answers = {rows({R"(<FileSize xsi:nil="true"/><Name>c:\pagefile.sys</Name>)"})}});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->message(),
              "c:\\pagefile.sys: the answer is not valid WS-Management: FileSize is null");
    EXPECT_EQ(play(files_size_mode(), {.words = words_of({{"folder", "C:/"}, {"critical-one", "x"}})})
                  .error->detail,
              "Wrong critical-one threshold 'x'.");
}

TEST(FilesSize, AFaultEndsIt) {
    const auto played =
        play(files_size_mode(), {.words = words_of({{"folder", "C:/data/"}}),
                                 .answers = {failed(Error(ErrorId::wsman_malformed, "cut"))}});
    ASSERT_TRUE(played.error);
    EXPECT_TRUE(played.text.empty());
}

}  // namespace
}  // namespace mullion::checks::tests
