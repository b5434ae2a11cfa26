import { testFaultsAfter } from './fault-for-a-moment';

testFaultsAfter(3);
