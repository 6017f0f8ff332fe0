#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

const std::vector<std::string_view> services = {
    "<DisplayName>Windows Remote Management "
    "(WS-Management)</DisplayName><Name>WinRM</Name><StartMode>Auto</StartMode>"
    "<State>Running</State>",
    "<DisplayName>Application "
    "Identity</DisplayName><Name>AppIDSvc</Name><StartMode>Manual</StartMode><State>Stopped</State>",
};

TEST(ListServices, AreSortedByName) {
    const auto played = play(list_services_mode(), {.answers = {rows(services)}});
    EXPECT_EQ(played.wql(), "Select Name, DisplayName, StartMode, State From Win32_Service");
    EXPECT_EQ(played.text,
              "List services: \n"
              "'AppIDSvc' [DisplayName = Application Identity] [StartMode = Manual] [State = Stopped]\n"
              "'WinRM' [DisplayName = Windows Remote Management (WS-Management)] [StartMode = Auto] [State = "
              "Running]\n");
    const Discovered first = {{"name", "AppIDSvc"},
                              {"display_name", "Application Identity"},
                              {"start_mode", "Manual"},
                              {"state", "Stopped"}};
    EXPECT_EQ(played.report.found.front(), first);
}

TEST(ListServices, ANameOrAPatternSkipsTheOthers) {
    const auto skipped = std::string(
        "List services: \nSkipping service 'AppIDSvc': no matching filter name\n"
        "'WinRM' [DisplayName = Windows Remote Management (WS-Management)] [StartMode = "
        "Auto] [State = Running]\n");
    EXPECT_EQ(
        play(list_services_mode(), {.words = words_of({{"name", "WinRM"}}), .answers = {rows(services)}})
            .text,
        skipped);
    EXPECT_EQ(play(list_services_mode(),
                   {.words = words_of({{"name", "^W"}, {"regexp", ""}}), .answers = {rows(services)}})
                  .text,
              skipped);
    const auto none =
        play(list_services_mode(), {.words = words_of({{"name", ""}}), .answers = {rows(services)}});
    EXPECT_EQ(none.report.lines.size(), 2U);
    EXPECT_TRUE(none.report.found.empty());
    EXPECT_EQ(play(list_services_mode(), {.answers = {rows({})}}).exit_code, 3);
}

TEST(ListInterfaces, AreSortedByDeviceAndNullsAreSaid) {
    const auto played = play(
        list_interfaces_mode(),
        {.answers = {rows({
             R"(<DeviceID>2</DeviceID><MaxSpeed xsi:nil="true"/><Name>WAN Miniport (L2TP)</Name><NetConnectionStatus>10</NetConnectionStatus><NetEnabled xsi:nil="true"/>)",
             R"(<DeviceID>10</DeviceID><MaxSpeed>40000000000</MaxSpeed><Name>Mellanox</Name><NetConnectionStatus>7</NetConnectionStatus><NetEnabled>false</NetEnabled>)",
             R"(<DeviceID>1</DeviceID><Name>Intel(R) 82574L</Name><NetConnectionStatus>2</NetConnectionStatus><NetEnabled>true</NetEnabled>)",
             R"(<DeviceID>0</DeviceID><Name>Kernel Debug</Name><NetConnectionStatus xsi:nil="true"/>)",
         })}});
    EXPECT_EQ(played.wql(),
              "Select DeviceID, Name, MaxSpeed, NetConnectionStatus, NetEnabled from Win32_NetworkAdapter");
    EXPECT_EQ(played.text,
              "List interfaces: \n"
              "[name: Kernel Debug][status: down][speed: 0][enabled: false]\n"
              "[name: Intel(R) 82574L][status: up][speed: 0][enabled: true]\n"
              "[name: Mellanox][status: mediaDisconnect][speed: 40000000000][enabled: false]\n"
              "[name: WAN Miniport (L2TP)][status: AuthFailed][speed: 0][enabled: false]\n");
    EXPECT_EQ(played.exit_code, 0);
    EXPECT_EQ(play(list_interfaces_mode(), {.answers = {rows({})}}).exit_code, 3);
}

const std::vector<std::string_view> volumes = {
    R"(<Capacity>32210153472</Capacity><DeviceID>\\?\Volume{1}\</DeviceID><DriveType>3</DriveType><Label xsi:nil="true"/><Name>C:\</Name>)",
    R"(<Capacity xsi:nil="true"/><DeviceID>\\?\Volume{2}\</DeviceID><DriveType>5</DriveType><Label xsi:nil="true"/><Name>E:\</Name>)",
    R"(<Capacity>471855104</Capacity><DeviceID>\\?\Volume{0}\</DeviceID><DriveType>3</DriveType><Label>Recovery</Label><Name>\\?\Volume{0}\</Name>)",
};

TEST(ListStorages, AreSortedByDeviceAndEmptyDrivesHaveNoSize) {
    const auto played = play(list_storages_mode(), {.answers = {rows(volumes)}});
    EXPECT_EQ(
        played.wql(),
        "Select Capacity,DeviceID,DriveLetter,DriveType,FileSystem,FreeSpace,Label,Name from Win32_Volume");
    EXPECT_EQ(played.text,
              "List storages: \n"
              "[size: 471855104][name: \\\\?\\Volume{0}\\][label: Recovery][type: localDisk]\n"
              "[size: 32210153472][name: C:\\][label: ][type: localDisk]\n"
              "[size: ][name: E:\\][label: ][type: compactDisc]\n");
    EXPECT_EQ(play(list_storages_mode(), {.answers = {rows({})}}).exit_code, 3);
}

TEST(ListStorages, NamesAreRewrittenOnce) {
    const auto played =
        play(list_storages_mode(),
             {.words = words_of({{"display-transform-src", "^(.):"}, {"display-transform-dst", "vol$1"}}),
              .answers = {rows(volumes)}});
    EXPECT_EQ(played.report.lines.at(1), "[size: 32210153472][name: volC\\][label: ][type: localDisk]");
    EXPECT_EQ(played.report.lines.at(0),
              "[size: 471855104][name: \\\\?\\Volume{0}\\][label: Recovery][type: localDisk]");
}

}  // namespace
}  // namespace mullion::checks::tests
