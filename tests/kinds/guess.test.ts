import { describe, expect, it } from 'vitest';
import { guessKind } from '../../src/kinds/guess.js';

const NAMES: readonly (readonly [kind: string, names: readonly string[]])[] = [
  [
    'cn-mobile',
    [
      'mobile',
      'userMobile',
      'phone_no',
      'phoneNumber',
      'user.mobile',
      '手机号',
      '手机号码',
      '联系电话',
      '收货人电话',
      'shoujihao',
      'sjh',
    ],
  ],
  [
    'cn-id-card',
    [
      'id_card',
      'idCardNo',
      'IDCard',
      'userIDCard',
      'id_number',
      '身份证号',
      '身份证号码',
      'sfzh',
      'shenfenzhenghao',
      '证件号码',
    ],
  ],
  ['phone', ['landline', 'fax', '座机', '家庭电话', 'dianhua']],
  ['email', ['email', 'e-mail', 'userEmail', 'mail_address', '邮箱', '电子邮件', '邮箱地址', 'youxiang']],
  ['bank-card', ['bank_card', 'bankCardNo', 'card_no', 'creditCardNumber', '银行卡号', 'yinhangka', 'pan']],
  ['imei', ['imei', 'IMEI1', 'device.imei', '手机串号']],
  ['mac', ['mac', 'macAddress', 'MAC地址']],
  ['device-id', ['deviceId', 'device_id', 'oaid', 'android_id', '设备号', '设备编号', 'device.id']],
  ['ipv4', ['ip', 'clientIp', 'ip_address', 'IP地址', 'login.ip']],
  ['ipv6', ['ipv6']],
  ['uscc', ['uscc', 'creditCode', '统一社会信用代码', 'tyshxydm']],
  ['passport', ['passport', 'passportNo', '护照号', 'huzhao']],
  ['plate', ['plate_no', 'licensePlate', '车牌号', 'chepaihao']],
  ['secret', ['password', 'passwd', 'api_key', '密码', '验证码', 'mima', 'cvv']],
  [
    'account-id',
    [
      'user_id',
      'userId',
      'user.id',
      'uid',
      'username',
      'user_name',
      'customerNo',
      '账号',
      '用户名',
      '会员号',
      '微信号',
    ],
  ],
  ['person-name', ['name', 'real_name', 'user.name', 'contactName', '姓名', '收货人', '持卡人', 'xingming']],
  ['address-cn', ['address', 'addr', 'shippingAddress', 'address.street', '地址', '收货地址', '家庭住址', 'dizhi']],
  ['postcode', ['zip', 'postcode', 'postalCode', '邮编', 'youbian']],
  ['region-code', ['adcode', 'region_code', 'cityCode', '行政区划代码']],
  ['birth-date', ['birthday', 'dob', 'birthDate', 'date_of_birth', '出生日期', '生日', 'shengri']],
  ['age', ['age', '年龄', 'nianling']],
  ['coordinate', ['lat', 'lng', 'longitude', 'gps', '经度', '坐标']],
  ['url', ['url', 'avatar', 'referer', '网址']],
  ['date-time', ['created_at', 'createTime', 'timestamp', 'updatedAt', '下单时间', '日期']],
  ['number', ['price', 'items[].price', 'amount', '金额', 'salary', '账户余额']],
  ['free-text', ['remark', 'comments', '备注', 'message']],
];

describe('guessing by name', () => {
  it.each(NAMES)('%s', (kind, names) => {
    for (const name of names) expect(guessKind(name, []), name).toEqual({ kind, confidence: 'name' });
  });

  it('says nothing where nothing is known', () => {
    for (const name of ['sku', 'status', 'product_name', 'fileName', 'color', '品牌', 'x', '']) {
      expect(guessKind(name, []), name).toBeUndefined();
    }
  });
});

describe('guessing by values', () => {
  it('confirms a name', () => {
    expect(guessKind('phone', ['13800138000', '+86 139 1234 5678'])).toEqual({ kind: 'cn-mobile', confidence: 'both' });
    expect(guessKind('phone', ['+44 20 7946 0958', '010-12345678'])).toEqual({ kind: 'phone', confidence: 'both' });
  });

  it('bears a few broken values', () => {
    const samples = ['13800138000', '13800138001', '13800138002', '13800138003', 'unknown', ''];
    expect(guessKind('手机', samples)).toEqual({ kind: 'cn-mobile', confidence: 'both' });
  });

  it('overrules a name that the values contradict', () => {
    expect(guessKind('card_no', ['11010519491231002X', '110105194912310100', '110105194912310185'])?.kind).not.toBe(
      'email',
    );
    expect(guessKind('remark', ['a@qq.com', 'b@163.com', 'c@126.com'])).toEqual({
      kind: 'free-text',
      confidence: 'both',
    });
    expect(guessKind('age', ['a@qq.com', 'b@163.com', 'c@126.com'])).toEqual({ kind: 'email', confidence: 'values' });
  });

  it('knows self-evident values without a name, from three on', () => {
    expect(guessKind('c1', ['10.0.0.1', '10.0.0.2', '10.0.0.3'])).toEqual({ kind: 'ipv4', confidence: 'values' });
    expect(guessKind('c1', ['苏D40000', '陕A12345D', '粤B12345'])).toEqual({ kind: 'plate', confidence: 'values' });
    expect(guessKind('c1', ['10.0.0.1', '10.0.0.2'])).toBeUndefined();
    expect(guessKind('c1', ['红', '绿', '蓝', '黄'])).toBeUndefined();
  });

  it('falls back to the name when the values are of no kind', () => {
    expect(guessKind('手机号', ['138****8000'])).toEqual({ kind: 'cn-mobile', confidence: 'name' });
  });
});
