import { describe, expect, test } from 'vitest';
import { isInBlock, isPrivateAddress, isPrivateHost, parseAddress } from './addresses.ts';

describe('isPrivateAddress', () => {
  test.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', '"this" network'],
    ['10.0.0.1', 'private use'],
    ['10.255.255.255', 'private use, last'],
    ['100.64.0.0', 'carrier-grade NAT, first'],
    ['100.127.255.255', 'carrier-grade NAT, last'],
    ['100.100.100.200', 'metadata of Alibaba Cloud'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback, last'],
    ['168.63.129.16', 'host services of Azure'],
    ['169.254.169.254', 'metadata service'],
    ['169.254.0.1', 'link-local'],
    ['172.16.0.1', 'private use, first'],
    ['172.31.255.255', 'private use, last'],
    ['192.0.0.192', 'metadata of Oracle Cloud'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['192.168.1.1', 'private use'],
    ['198.18.0.1', 'benchmarking'],
    ['198.19.255.255', 'benchmarking, last'],
    ['198.51.100.7', 'documentation'],
    ['203.0.113.7', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast, last'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback in full'],
    ['::127.0.0.1', 'IPv4-compatible'],
    ['::8.8.8.8', 'IPv4-compatible is not routed'],
    ['::ffff:127.0.0.1', 'mapped loopback'],
    ['::ffff:7f00:1', 'mapped loopback in hex'],
    ['::FFFF:A9FE:A9FE', 'mapped metadata service'],
    ['::ffff:0:10.0.0.1', 'translated private'],
    ['64:ff9b::7f00:1', 'NAT64 of loopback'],
    ['64:ff9b::10.1.2.3', 'NAT64 of private'],
    ['64:ff9b:1::808:808', 'NAT64, local use'],
    ['2002:7f00:1::', '6to4 of loopback'],
    ['2002:a9fe:a9fe::1', '6to4 of the metadata service'],
    ['2001::1', 'Teredo'],
    ['2001:10::1', 'ORCHID'],
    ['2001:db8::1', 'documentation'],
    ['3fff::1', 'documentation'],
    ['100::1', 'discard only'],
    ['5f00::1', 'segment routing'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'metadata service of AWS'],
    ['fdff:ffff::1', 'unique local, last'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with zone'],
    ['febf::1', 'link-local, last'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['', 'no address'],
    ['example.com', 'no address'],
    ['1.2.3', 'no address'],
    ['1.2.3.4.5', 'no address'],
    ['256.1.1.1', 'no address'],
    ['1::2::3', 'no address'],
    ['1:2:3:4:5:6:7', 'no address'],
    ['1:2:3:4:5:6:7:8:9', 'no address'],
    ['1:2:3:4::5:6:7:8', 'no address: nothing is left for "::"'],
  ])('%s is private (%s)', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '168.63.129.17',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2001:4860:4860::8888',
    '2a00:1450:4001:80b::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('isPrivateHost', () => {
  test.each([
    ['localhost', true],
    ['localhost.', true],
    ['api.localhost', true],
    ['printer.local', true],
    ['metadata.google.internal', true],
    ['nas.home.arpa', true],
    ['intranet', true],
    ['127.0.0.1', true],
    ['[::1]', true],
    ['[fd00::1]', true],
    ['[2606:4700:4700::1111]', false],
    ['8.8.8.8', false],
    ['api.example.com', false],
    ['localhost.example.com', false],
    ['notlocal.com', false],
  ])('%s → %s', (host, want) => {
    expect(isPrivateHost(host)).toBe(want);
  });

  test.each([
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://017700000001/',
    'http://[::ffff:127.0.0.1]/',
  ])('the hostname that URL makes of %s is private', (url) => {
    expect(isPrivateHost(new URL(url).hostname)).toBe(true);
  });
});

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['192.168.1.130', '192.168.1.128/25', true],
  ['192.168.1.127', '192.168.1.128/25', false],
  ['fd12::1', 'fd00::/8', true],
  ['10.1.2.3', '::/0', false],
  ['10.1.2.3', '0.0.0.0/0', true],
  ['10.1.2.3', '10.0.0.0', false],
  ['example.com', '10.0.0.0/8', false],
])('isInBlock: %s in %s → %s', (address, block, want) => {
  expect(isInBlock(address, block)).toBe(want);
});

test('parseAddress reads an IPv4 address at the end of an IPv6 one', () => {
  expect(parseAddress('64:ff9b::192.0.2.33')).toEqual([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 33]);
});
