// What logical and physical disks have in common. Times are of the properties of 64 bits in 100 ns:
// AvgDisksecPerRead and its like are the same sums in ticks of 32 bits, which wrap after 429 s of a busy disk
// at 10 MHz.
#pragma once

#include "exporter/metric_table.h"

// The names of a family's members differ in their prefix alone, and a constant has to be written out.
#define MULLION_DISK_METRICS(prefix, label)                                                                  \
    {                                                                                                        \
        {{prefix "requests_queued", Kind::gauge, "Requests in the queue (CurrentDiskQueueLength)", {label}}, \
         "CurrentDiskQueueLength"},                                                                          \
            {{prefix "read_bytes_total",                                                                     \
              Kind::counter,                                                                                 \
              "Bytes that were read (DiskReadBytesPersec)",                                                  \
              {label}},                                                                                      \
             "DiskReadBytesPersec"},                                                                         \
            {{prefix "reads_total", Kind::counter, "Reads (DiskReadsPersec)", {label}}, "DiskReadsPersec"},  \
            {{prefix "write_bytes_total",                                                                    \
              Kind::counter,                                                                                 \
              "Bytes that were written (DiskWriteBytesPersec)",                                              \
              {label}},                                                                                      \
             "DiskWriteBytesPersec"},                                                                        \
            {{prefix "writes_total", Kind::counter, "Writes (DiskWritesPersec)", {label}},                   \
             "DiskWritesPersec"},                                                                            \
            {{prefix "read_seconds_total",                                                                   \
              Kind::counter,                                                                                 \
              "Seconds in which reads were served "                                                          \
              "(PercentDiskReadTime)",                                                                       \
              {label}},                                                                                      \
             "PercentDiskReadTime",                                                                          \
             per_100ns},                                                                                     \
            {{prefix "write_seconds_total",                                                                  \
              Kind::counter,                                                                                 \
              "Seconds in which writes were served "                                                         \
              "(PercentDiskWriteTime)",                                                                      \
              {label}},                                                                                      \
             "PercentDiskWriteTime",                                                                         \
             per_100ns},                                                                                     \
            {{prefix "idle_seconds_total",                                                                   \
              Kind::counter,                                                                                 \
              "Seconds without a request (PercentIdleTime)",                                                 \
              {label}},                                                                                      \
             "PercentIdleTime",                                                                              \
             per_100ns},                                                                                     \
            {{prefix "split_ios_total", Kind::counter, "Requests that were split (SplitIOPerSec)", {label}}, \
             "SplitIOPerSec"},                                                                               \
            {{prefix "read_latency_seconds_total",                                                           \
              Kind::counter,                                                                                 \
              "Seconds that all reads took together (PercentDiskReadTime)",                                  \
              {label}},                                                                                      \
             "PercentDiskReadTime",                                                                          \
             per_100ns},                                                                                     \
            {{prefix "write_latency_seconds_total",                                                          \
              Kind::counter,                                                                                 \
              "Seconds that all writes took together (PercentDiskWriteTime)",                                \
              {label}},                                                                                      \
             "PercentDiskWriteTime",                                                                         \
             per_100ns},                                                                                     \
            {{prefix "read_write_latency_seconds_total",                                                     \
              Kind::counter,                                                                                 \
              "Seconds that all reads and writes took together (PercentDiskTime)",                           \
              {label}},                                                                                      \
             "PercentDiskTime",                                                                              \
             per_100ns},                                                                                     \
    }
