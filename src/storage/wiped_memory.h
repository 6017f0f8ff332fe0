// SQLite copies what a row has (an account's hash) into blocks that it only frees.
#pragma once

namespace mullion::storage {

// Has this process's SQLite wipe what it frees, from its first use on. Internal to the room.
void wipe_what_sqlite_frees();

}  // namespace mullion::storage
